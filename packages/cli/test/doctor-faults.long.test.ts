// Every fault that the servers of the test-kit can simulate, and what doctor says to it.
import { examine } from '../src/doctor/examine.js';
import { BY_KIND } from '../src/doctor/advice.js';
import { cognitoStages } from './doctor/cognito-stages.js';
import { itkdbStages } from './doctor/itkdb-stages.js';
import { oauth2Stages } from './doctor/oauth2-stages.js';
import { oidcStages, stopOidcProvider } from './doctor/oidc-stages.js';
import { smartStages } from './doctor/smart-stages.js';
import { secret } from './doctor/stage.js';
import { documented, rowOf, writeTable } from './doctor/table.js';
import type { Result } from '../src/doctor/check.js';
import type { StartStage } from './doctor/stage.js';

const stages: Readonly<Record<string, StartStage>> = {
  ...smartStages,
  ...cognitoStages,
  ...itkdbStages,
  ...oauth2Stages,
  ...oidcStages,
};
const well = Object.keys(stages).filter((name) => name.endsWith(': all is well'));
const faults = Object.keys(stages).filter((name) => !well.includes(name));
const isUpdate = process.env['DOCTOR_TABLE'] === 'update';
const known = documented();
const seen = new Map<string, string>();
/** What could be said of anything; that somebody has to log in is as much as can be said. */
const general = [BY_KIND.configuration, BY_KIND.credentials, BY_KIND.unavailable].map(
  (advice) => `${advice.slice(0, 1).toUpperCase()}${advice.slice(1)}.`,
);
const secrets = [secret, 'Correct-Horse-1', 'code-1', 'code-2'];

afterAll(stopOidcProvider);

async function examined(name: string): Promise<readonly Result[]> {
  const stops: (() => unknown)[] = [];
  try {
    const started = await stages[name]?.((stop) => stops.push(stop));
    if (started === undefined) throw new Error(`there is no ${name}`);
    const { subject, options, meanwhile } = 'subject' in started ? started : { subject: started };
    const [results] = await Promise.all([examine(subject, { env: {}, ...options }), meanwhile?.()]);
    const written = JSON.stringify(results);
    expect([...secrets, ...subject.secrets()].filter((one) => written.includes(one))).toEqual([]);
    return results;
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}

describe('each fault has an advice, which is that of DOCTOR.md, and shows no secret', () => {
  afterAll(() => {
    if (isUpdate) writeTable(seen);
  });

  it.each(faults)('%s', async (name) => {
    const results = await examined(name);
    const row = rowOf(name, results);
    seen.set(name, row);
    const told = results.flatMap((result) => ('advice' in result ? [result.advice] : []));
    expect(told).not.toHaveLength(0);
    expect(told.filter((advice) => general.includes(advice))).toEqual([]);
    expect(isUpdate ? new Set(seen.values()) : known).toContain(row);
  });
});

it('DOCTOR.md has no line of a fault that is no more', () => {
  const lines = isUpdate ? [] : [...known].filter((line) => /^\| .* \| \d \| /.test(line));
  expect(lines.filter((line) => ![...seen.values()].includes(line))).toEqual([]);
});

it.each(well)('%s: every check passes', async (name) => {
  const results = await examined(name);
  expect(results.filter(({ status }) => status === 'failure' || status === 'warning')).toEqual([]);
  expect(results.find(({ id }) => id === 'token')).toMatchObject({ status: 'ok' });
});
