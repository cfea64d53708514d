// The table of DOCTOR.md: what doctor says to each fault. The test compares it with what doctor does say; `npm run doctor:table` writes it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf } from '../../src/doctor/examine.js';
import { EXIT } from '../../src/terminal/failure.js';
import type { Result } from '../../src/doctor/check.js';

const path = join(__dirname, '../../DOCTOR.md');
const BEGIN = '<!-- made by npm run doctor:table -->';

const SERVICES: Readonly<Record<string, string>> = {
  smart: '`doctor smart`',
  cognito: '`doctor cognito`',
  itkdb: '`doctor itkdb`',
  oauth2: '`doctor oauth2`',
  oidc: '`doctor oauth2`, against a certified OpenID provider',
};

/** One line of the table. */
export function rowOf(name: string, results: readonly Result[]): string {
  const told = results.flatMap((result) => ('advice' in result ? [result] : []));
  const kind = kindOf(results);
  const checks = told.map(({ title, status }) => `${status === 'failure' ? '✖' : '!'} ${title}`).join('<br>');
  const advice = told.map((result) => cell(result.advice)).join('<br>');
  return `| ${cell(name.replace(/^\w+: /, ''))} | ${checks} | ${kind === undefined ? 0 : EXIT[kind]} | ${advice} |`;
}

/** What changes from run to run is left out. */
function cell(text: string): string {
  return text
    .replace(/127\.0\.0\.1:\d+/g, 'HOST')
    .replace(/127\.0\.0\.1/g, 'HOST')
    .replace(/\d{4}-\d\d-\d\d/g, 'DAY')
    .replace(/[|<>]/g, String.raw`\$&`);
}

/** The lines that the document has now. */
export function documented(): ReadonlySet<string> {
  return new Set(readFileSync(path, 'utf8').split('\n'));
}

/** Writes all of them below the text that stands before. */
export function writeTable(rows: ReadonlyMap<string, string>): void {
  const [text = ''] = readFileSync(path, 'utf8').split(BEGIN);
  const tables = Object.entries(SERVICES).map(([service, title]) => {
    const own = [...rows].filter(([name]) => name.startsWith(`${service}: `)).map(([, row]) => row);
    return [
      `## ${title}`,
      '',
      '| what is wrong | what shows it | exit code | what doctor says |',
      '| --- | --- | --- | --- |',
      ...own,
    ].join('\n');
  });
  writeFileSync(path, `${text}${BEGIN}\n\n${tables.join('\n\n')}\n`);
}
