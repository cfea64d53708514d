// Examines a service and says what was found: as lines, as JSON, as a page for a ticket.
import { readFileSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, release, type } from 'node:os';
import { join, resolve } from 'node:path';
import { asString, parseObject, recordOf } from '@axios-authorizer/core/extend';
import { writePrivateFile } from '@axios-authorizer/core/node';
import { CHECK_TIMEOUT_MS, examine, kindOf } from '../../doctor/examine.js';
import type { ExamineOptions } from '../../doctor/examine.js';
import { reportOf, TELLING_VARIABLES } from '../../doctor/shown.js';
import type { Examination } from '../../doctor/shown.js';
import type { Result, Subject } from '../../doctor/check.js';
import { findService } from '../../services/service.js';
import type { Selection } from '../../services/service.js';
import { coloursOf } from '../../terminal/colours.js';
import { EXIT, Exit, withoutSecrets } from '../../terminal/failure.js';
import { symbolsOf } from '../../terminal/symbols.js';
import { withProgress } from '../../terminal/progress.js';
import type { Terminal } from '../../terminal/terminal.js';
import { linesOf, summaryOf } from './lines.js';
import { subjectOf } from './subject-of.js';
import type { SubjectOptions } from './subject-of.js';

export interface DoctorOptions extends SubjectOptions {
  readonly json?: boolean;
  readonly report?: string;
}

/** @throws Exit with the code of the first failure; UsageError when there is no such service */
export async function printDoctor(selection: Selection, options: DoctorOptions, terminal: Terminal): Promise<void> {
  const service = await findService(selection, terminal);
  const subject = await subjectOf(service, options, terminal);
  const isQuiet = options.json === true || options.report === '-';
  const timeoutMs = selection.timeoutMs ?? CHECK_TIMEOUT_MS;
  const results = await (isQuiet ? quietly : aloud)(subject, timeoutMs, terminal);
  const examination = { service: service.name, type: subject.type, results };
  await written(examination, { options, subject, terminal });
  const kind = kindOf(results);
  if (kind !== undefined) throw new Exit(EXIT[kind]);
}

function quietly(subject: Subject, timeoutMs: number, terminal: Terminal): Promise<readonly Result[]> {
  return examine(subject, optionsOf(timeoutMs, terminal));
}

function optionsOf(timeoutMs: number, terminal: Terminal): ExamineOptions {
  const { interrupted: signal, env, clock } = terminal;
  const limit = `up to ${timeoutMs / 1000} s`;
  const around = <T>(title: string, work: () => Promise<T>): Promise<T> =>
    withProgress(terminal, `${title}: ${limit}`, work);
  return { timeoutMs, signal, env, clock, around };
}

/** A line as soon as it is known: some checks take seconds. */
async function aloud(subject: Subject, timeoutMs: number, terminal: Terminal): Promise<readonly Result[]> {
  const { stdout } = terminal;
  const titleWidth = Math.max(...subject.checks.map(({ title }) => title.length));
  const { columns } = stdout;
  const style = { colours: coloursOf(terminal, stdout), symbols: symbolsOf(terminal, stdout), titleWidth, columns };
  let writing = Promise.resolve();
  const onResult = (result: Result): void => {
    writing = writing.then(() => stdout.write(withoutSecrets(linesOf(result, style), terminal)));
    writing.catch(() => undefined); // awaited below
  };
  const results = await examine(subject, { ...optionsOf(timeoutMs, terminal), onResult });
  await writing;
  await stdout.write(`\n${summaryOf(results)}`);
  return results;
}

interface Whole {
  readonly options: DoctorOptions;
  readonly subject: Subject;
  readonly terminal: Terminal;
}

async function written(examination: Examination, { options, subject, terminal }: Whole): Promise<void> {
  const { report, json } = options;
  if (json === true && report !== '-')
    await terminal.stdout.write(withoutSecrets(`${JSON.stringify(examination, undefined, 2)}\n`, terminal));
  if (report === undefined) return;
  const environment = TELLING_VARIABLES.filter((name) => (terminal.env[name] ?? '') !== '');
  const facts = {
    at: new Date(terminal.clock.now()),
    versions: versionsOf(subject, terminal),
    clientId: subject.clientId,
    environment,
  };
  const page = withoutSecrets(reportOf(examination, facts), terminal);
  if (report === '-') return terminal.stdout.write(page);
  const path = resolve(terminal.cwd, report);
  await writeReport(path, page);
  await terminal.stderr.write(`axios-authorizer: report ${path}\n`);
}

/** In one step, so that a full disk leaves what stood there; what is no file, such as a pipe, is written to. */
async function writeReport(path: string, page: string): Promise<void> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => true,
  );
  await (isFile ? writePrivateFile(path, page) : writeFile(path, page));
}

const PACKAGES: Readonly<Record<Subject['type'], readonly string[]>> = {
  smart: ['@axios-authorizer/smart-backend'],
  cognito: ['@axios-authorizer/cognito'],
  itkdb: ['@axios-authorizer/itkdb-user'],
  oauth2: [],
};

function versionsOf({ type: kind }: Subject, terminal: Terminal): Readonly<Record<string, string>> {
  const { resolve: locate } = createRequire(
    terminal.ownModule === '' ? join(terminal.cwd, 'x.js') : terminal.ownModule,
  );
  const packages = ['@axios-authorizer/core', ...PACKAGES[kind], 'axios'];
  return {
    '@axios-authorizer/cli': terminal.version,
    ...Object.fromEntries(packages.map((name) => [name, versionOf(name, locate)])),
    node: `${process.version} (OpenSSL ${process.versions.openssl})`,
    system: `${type()} ${release()} ${arch()}`,
  };
}

/** A report without a version is better than none. */
function versionOf(name: string, locate: NodeJS.RequireResolve): string {
  try {
    const { version } = recordOf(parseObject(readFileSync(locate(`${name}/package.json`), 'utf8')));
    return asString(version) ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
