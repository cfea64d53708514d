// A clock that is wrong by minutes or by a day, while a token is got, kept and used.
import { recordOf } from '@axios-authorizer/core/extend';
import { cognitoStage, itkdbStage, oauth2Stage, smartStage } from './stage.js';
import type { Stage } from './stage.js';
import { cli, testTerminal } from './test-terminal.js';
import type { Terminal } from '../src/terminal/terminal.js';

const [MINUTE, DAY] = [60_000, 86_400_000];
const stageOf: Readonly<Record<string, () => Promise<Stage>>> = {
  oauth2: oauth2Stage,
  smart: smartStage,
  itkdb: itkdbStage,
  cognito: cognitoStage,
};

/** A clock that is ahead, or behind, and runs as fast as any. */
function clockSet(aheadMs: number): Terminal['clock'] {
  return { ...testTerminal().clock, now: () => Date.now() + aheadMs };
}

async function started(kind: string): Promise<Stage> {
  const stage = await stageOf[kind]?.();
  if (stage === undefined) throw new Error(`there is no stage for ${kind}`);
  return stage;
}

/** What doctor found out about one thing. */
async function doctor(kind: string, aheadMs: number): Promise<(id: string) => unknown> {
  const { args, env, home } = await started(kind);
  const { out } = await cli(['doctor', ...args, '--json'], { env, home, clock: clockSet(aheadMs) });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON of ours
  const { results } = JSON.parse(out) as { readonly results: readonly unknown[] };
  return (id) => results.find((check) => recordOf(check)['id'] === id);
}

describe('token', () => {
  it.each([
    ['oauth2', DAY],
    ['oauth2', -DAY],
    ['smart', 10 * MINUTE],
    ['smart', -10 * MINUTE],
    ['smart', DAY],
    ['smart', -DAY],
    ['cognito', DAY],
    ['cognito', -DAY],
    ['itkdb', 10 * MINUTE],
    ['itkdb', -DAY],
  ])('%s is got with a clock %i ms ahead', async (kind, aheadMs) => {
    const { args, env, home } = await started(kind);
    const ran = await cli(['token', ...args], { env, home, clock: clockSet(aheadMs) });
    expect([ran.code, ran.out.length > 20, ran.err]).toEqual([0, true, '']);
  });

  it('itkdb is 2 when the login has expired already by this clock, with the clock first in the advice', async () => {
    const { args, env, home } = await itkdbStage();
    const ran = await cli(['token', ...args], { env, home, clock: clockSet(DAY) });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain("check this machine's clock");
  });

  it.each([10 * MINUTE, DAY])('a stored one, after the clock was set back by %i ms, is told of', async (backMs) => {
    const { args, env, home } = await oauth2Stage();
    await cli(['token', ...args], { env, home, clock: clockSet(backMs) });
    const ran = await cli(['token', ...args], { env, home });
    expect([ran.code, ran.err]).toEqual([0, expect.stringMatching(/issued in (?:9 m|10 m|2[34] h|1 d).*--refresh/)]);
    expect(await cli(['token', ...args, '--refresh'], { env, home })).toMatchObject({ code: 0, err: '' });
  });

  it('a stored one, after the clock was set ahead by a day, is replaced', async () => {
    const { args, env, home, issued } = await oauth2Stage();
    await cli(['token', ...args], { env, home });
    const ran = await cli(['token', ...args], { env, home, clock: clockSet(DAY) });
    expect(ran).toMatchObject({ code: 0, out: `${issued()[1]}\n`, err: '' });
  });
});

describe('status', () => {
  it.each([
    [10 * MINUTE, /█+░* 4\d m/],
    [DAY, /expired 2[23] h ago/],
    [-10 * MINUTE, /issued in (?:9|10) m: is the clock right\?/],
    [-DAY, /issued in (?:23|24) h: is the clock right\?/],
  ])('with a clock that is %i ms ahead since', async (aheadMs, said) => {
    const { args, env, home } = await oauth2Stage();
    await cli(['token', ...args], { env, home });
    const ran = await cli(['status'], { home, clock: clockSet(aheadMs) });
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(ran.out).toMatch(said);
  });
});

describe('doctor', () => {
  it.each([
    ['oauth2', 10 * MINUTE, "10 m ahead of the server's"],
    ['oauth2', -10 * MINUTE, "behind the server's"],
    ['smart', DAY, "24 h ahead of the server's"],
    ['cognito', -DAY, "behind the server's"],
  ])('%s with a clock %i ms ahead says so, and how to set it', async (kind, aheadMs, found) => {
    const about = await doctor(kind, aheadMs);
    expect(about('clock')).toMatchObject({ status: 'warning' });
    expect(JSON.stringify(about('clock'))).toMatch(new RegExp(`${found}.*by NTP`));
  });
});
