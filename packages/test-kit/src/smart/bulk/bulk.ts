// Bulk Data Access beside the FHIR API: kick off, ask until it is done, fetch the files, throw them away. Exports outlive
// access tokens and their files may lie elsewhere, which is where clients go wrong.

import { Readable } from 'node:stream';
import { outcome } from './outcome.js';
import { checkKickOff } from './bulk-request.js';
import type { Answer, Received } from '@axios-authorizer/testing/extend';
import type { SmartBearerCheck } from '../bearer-check.js';
import type { SmartContext } from '../context.js';
import type { SmartBulk, SmartBulkOptions } from '../options.js';

interface Job {
  readonly request: string;
  readonly startedAt: number;
  polls: number;
}

interface Parts {
  readonly context: SmartContext;
  readonly check: SmartBearerCheck;
  /** Where the files lie. */
  readonly filesOrigin: string;
}

const kickOffPaths = /^\/(?:Patient\/|Group\/[^/]+\/)?\$export$/;
const statuses = /^\/bulkstatus\/([^/]+)$/;
const files = /^\/bulkfiles\/([^/]+)\/(\d+)\.ndjson$/;
const linesPerChunk = 500;

export class SmartBulkExport implements SmartBulk {
  kickOffs = 0;
  polls = 0;
  downloads = 0;
  deletions = 0;
  authorizationsSeenByFiles = 0;
  readonly filesOrigin: string;
  readonly #context: SmartContext;
  readonly #check: SmartBearerCheck;
  readonly #options: SmartBulkOptions;
  readonly #files: readonly { readonly type: string; readonly count: number }[];
  readonly #jobs = new Map<string, Job>();

  constructor({ context, check, filesOrigin }: Parts) {
    this.#context = context;
    this.#check = check;
    this.#options = context.options.bulk ?? {};
    this.#files = this.#options.files ?? [{ type: 'Patient', count: 3 }];
    this.filesOrigin = filesOrigin;
  }

  /** For a request whose bearer is good; undefined when the path is none of these. */
  answer(path: string, request: Received): Answer | undefined {
    if (kickOffPaths.test(path)) {
      return checkKickOff(request) ?? this.#kickOff(request);
    }
    const id = statuses.exec(path)?.[1];
    return id === undefined ? undefined : this.#status(id, request);
  }

  isFile(path: string): boolean {
    return files.test(path);
  }

  /** A file, behind a check of the bearer if the manifest says so. */
  async file(path: string, request: Received): Promise<Answer> {
    const { requiresAccessToken = true, hold } = this.#options;
    this.authorizationsSeenByFiles += request.headers.authorization === undefined ? 0 : 1;
    const refusal = requiresAccessToken ? this.#check.refusal(request) : undefined;
    const [, id = '', index = ''] = files.exec(path) ?? [];
    const file = this.#jobs.has(id) ? this.#files[Number(index)] : undefined;
    if (refusal !== undefined || file === undefined) {
      return refusal ?? unknown('file');
    }
    this.downloads += 1;
    await Promise.allSettled([hold?.(this.downloads - 1)]);
    const body = Readable.from(ndjson(file.type, file.count));
    return { status: 200, headers: { 'content-type': 'application/fhir+ndjson' }, body };
  }

  /** Below which path status and files lie. */
  get #root(): string {
    return this.#options.place === 'beside' ? '/bulk' : '/fhir';
  }

  #kickOff({ url }: Received): Answer {
    this.kickOffs += 1;
    const { origin, now } = this.#context;
    const id = `job-${this.kickOffs}`;
    this.#jobs.set(id, { request: `${origin}${url}`, startedAt: now(), polls: 0 });
    return { status: 202, headers: { 'content-location': `${origin}${this.#root}/bulkstatus/${id}` } };
  }

  #status(id: string, { method }: Received): Answer {
    const job = this.#jobs.get(id);
    if (method === 'DELETE' && this.#jobs.delete(id)) {
      this.deletions += 1;
      return { status: 202 };
    }
    this.polls += 1;
    return job === undefined ? unknown('export') : this.#progress(id, job);
  }

  #progress(id: string, job: Job): Answer {
    const { polls = 1, retryAfter = '0' } = this.#options;
    job.polls += 1;
    if (job.polls > polls) {
      return { status: 200, headers: { 'content-type': 'application/json' }, json: this.#manifest(id, job) };
    }
    const wait = typeof retryAfter === 'function' ? retryAfter(job.polls) : retryAfter;
    const progress = { 'x-progress': `${job.polls} of ${polls + 1}` };
    return { status: 202, headers: wait === undefined ? progress : { ...progress, 'retry-after': wait } };
  }

  #manifest(id: string, { request, startedAt }: Job): object {
    const { requiresAccessToken = true } = this.#options;
    const output = this.#files.map(({ type, count }, index) => ({
      type,
      url: `${this.filesOrigin}${this.#root}/bulkfiles/${id}/${index}.ndjson`,
      count,
    }));
    const transactionTime = new Date(startedAt).toISOString();
    return { transactionTime, request, requiresAccessToken, output, deleted: [], error: [] };
  }
}

function unknown(what: string): Answer {
  return outcome(404, 'not-found', `There is no such ${what}`);
}

/** One resource a line, never all of them in memory. */
function* ndjson(type: string, count: number): Generator<string> {
  for (let first = 0; first < count; first += linesPerChunk) {
    const length = Math.min(linesPerChunk, count - first);
    yield Array.from({ length }, (_, n) => `${JSON.stringify({ resourceType: type, id: `${first + n + 1}` })}\n`).join(
      '',
    );
  }
}
