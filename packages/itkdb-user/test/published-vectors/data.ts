// What the genuine Python client sent, and the envelopes in which the real service reports errors. The files lie beside the
// repository, not in it: a clone that stands alone runs without them, and says so.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../../../../../shared/data/itkdb');
const isThere = existsSync(folder);

/** Said by one file of tests for all of them. */
export function tellWhenSkipped(): void {
  if (!isThere) process.stderr.write(`SKIPPED: the recordings of the ITk production database are not at ${folder}\n`);
}

/** `describe` where the recordings are at hand, else its skipping twin. */
export const withRecordings: jest.Describe = isThere ? describe : describe.skip;

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Scenario {
  readonly result: string;
  readonly requests: readonly Sent[];
}

export interface ErrorSamples {
  readonly real: unknown;
  readonly seen: readonly { readonly key: string; readonly status: number }[];
  readonly synthetic: Readonly<Record<string, unknown>>;
}

interface Interaction {
  readonly request: { readonly method: string; readonly uri: string; readonly json: unknown };
  readonly response: { readonly json?: unknown };
}

interface Files {
  readonly 'genuine-client-requests': Readonly<Record<string, Scenario>>;
  readonly 'uu-error-map-samples': ErrorSamples;
  readonly 'itkdb-test_duplicate_test_run': { readonly interactions: readonly Interaction[] };
}

/** One file, for use inside a test of `withRecordings`. */
export function recorded<N extends keyof Files>(name: N): Files[N] {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Files[N];
}

export function scenario(name: string): Scenario {
  return recorded('genuine-client-requests')[name] as Scenario;
}
