// How results leave the library: as lines for a person, as JSON for a program, as a page for a ticket. In none of them is a secret;
// in the page long client ids are short as well, since pages are passed on.
import type { Result, Subject } from './check.js';

/** What is written of a result, by `--json` and in the page. */
export interface Examination {
  readonly service: string;
  readonly type: Subject['type'];
  readonly results: readonly Result[];
}

const LONGEST_ID = 24;
const SHOWN_OF_ID = 8;

/** A client id may be a JWT of 600 characters, or tell more than a ticket should. */
function shortId(id: string): string {
  return id.length <= LONGEST_ID ? id : `${id.slice(0, SHOWN_OF_ID)}… (${id.length} characters)`;
}

/** The results with the client's id short wherever a text repeats it. */
function withShortId(results: readonly Result[], clientId: string | undefined): readonly Result[] {
  if (clientId === undefined || clientId.length <= LONGEST_ID) return results;
  const short = (text: string): string => text.replaceAll(clientId, shortId(clientId));
  return results.map((result) =>
    'advice' in result
      ? { ...result, found: short(result.found), advice: short(result.advice) }
      : { ...result, found: short(result.found) },
  );
}

const MARKS: Readonly<Record<Result['status'], string>> = { ok: '✔', warning: '!', failure: '✖', skipped: '–' };

export interface ReportFacts {
  readonly at: Date;
  /** Name and version of what took part, such as node and the packages. */
  readonly versions: Readonly<Record<string, string>>;
  readonly clientId: string | undefined;
  /** Which variables of the environment were set that matter to requests; their values may hold passwords. */
  readonly environment: readonly string[];
}

/** A page of Markdown to attach to a ticket. */
export function reportOf(examination: Examination, facts: ReportFacts): string {
  const { service, type, results } = examination;
  const { at, versions, clientId, environment } = facts;
  const rows = withShortId(results, clientId).map(
    (result) => `| ${MARKS[result.status]} ${result.status} | ${result.title} | ${cell(result.found)} |`,
  );
  const advice = withShortId(results, clientId).flatMap((result) =>
    'advice' in result ? [`- **${result.title}**: ${cell(result.advice)}`] : [],
  );
  const about = [
    `- when: ${at.toISOString()}`,
    ...(clientId === undefined ? [] : [`- client: ${cell(shortId(clientId))}`]),
    ...Object.entries(versions).map(([name, version]) => `- ${name}: ${version}`),
    `- set in the environment: ${environment.length === 0 ? 'none of the proxy and CA variables' : environment.join(', ')}`,
  ];
  return [
    `# doctor: ${cell(service)} (${type})`,
    about.join('\n'),
    ['| | check | found |', '| --- | --- | --- |', ...rows].join('\n'),
    ...(advice.length === 0 ? ['Nothing is to be done.'] : [`## What to do\n\n${advice.join('\n')}`]),
    '',
  ].join('\n\n');
}

/** Of these the report says whether they are set. */
export const TELLING_VARIABLES: readonly string[] = [
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_USE_ENV_PROXY',
];

/** What a server said cannot leave its cell, nor become a link or a picture. */
function cell(text: string): string {
  return text.replace(/[\\|`*_<>[\]!]/g, String.raw`\$&`);
}
