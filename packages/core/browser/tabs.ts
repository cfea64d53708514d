// What several tabs of one origin make of one session: who refreshes, who hears of a sign-out, what becomes of a tab that is
// killed, frozen, or left and come back to. It takes real tabs, which have a process, a throttled clock and storage each.
import { until } from '@axios-authorizer/test-kit';
import type { BrowserName } from '@axios-authorizer/test-kit';
import { setTimeout as pause } from 'node:timers/promises';
import { startSite } from './open-tabs.js';
import type { OpenTabs } from './open-tabs.js';

const LIFETIME_S = 2;
/** Refreshed ahead, a token of 2 s lives for 70 % of them at least. */
const SHORTEST_LIFE_S = LIFETIME_S * 0.7;
const OVER = /^(?:logged_out|not_authenticated)$/;
const SECONDS: Readonly<Record<BrowserName, number>> = { Chromium: 30, Firefox: 12, WebKit: 12 };

export let site: OpenTabs;

/** Four tabs; somebody has signed in in the first, and all use that session. */
export async function signedIn(browser: BrowserName, expiresIn: number): Promise<OpenTabs['tabs']> {
  site = await startSite(expiresIn);
  await site.open(browser);
  const [first, ...others] = site.tabs;
  await first('signIn', { as: 'ada' });
  await Promise.all(others.map((tab) => tab('join')));
  return site.tabs;
}

/** The tests of one browser: a file for each, so that they run beside one another. */
export function fourTabs(browser: BrowserName): void {
  afterEach(() => site.close());

  it('cost one refresh an expiry, and no refresh token is used twice (C21)', async () => {
    const tabs = await signedIn(browser, LIFETIME_S);
    await Promise.all(tabs.map((tab) => tab('begin', { everyMs: 100 })));
    await pause(SECONDS[browser] * 1000);
    const answers = (await Promise.all(tabs.map((tab) => tab('end')))) as unknown[][];
    const { bodies, reuses, issued, calls } = site.ada;
    const presented = bodies.flatMap((body) => body.get('refresh_token') ?? []);
    expect(reuses).toBe(0);
    expect(new Set(presented).size).toBe(presented.length);
    expect(issued).toHaveLength(calls);
    expect(presented.length).toBeGreaterThan(SECONDS[browser] / LIFETIME_S / 2);
    expect(presented.length).toBeLessThanOrEqual(Math.ceil(SECONDS[browser] / SHORTEST_LIFE_S) + 1);
    expect([...new Set(answers.flat())]).toEqual([200]);
    for (const own of answers) expect(own.length).toBeGreaterThan(SECONDS[browser] / 2);
  });

  it('end their session within a second of a sign-out in one of them (C21)', async () => {
    const tabs = await signedIn(browser, 300);
    await Promise.all(tabs.map((tab) => tab('begin', { everyMs: 50 })));
    await tabs[3]('signOut');
    const signedOutAt = Date.now();
    await pause(2_500);
    const answers = (await Promise.all(tabs.map((tab) => tab('end')))) as unknown[][];
    const late = site.arrivals.filter(({ owner, at }) => owner !== undefined && at > signedOutAt + 1_000);
    expect(late).toHaveLength(0);
    for (const own of answers) expect(own.at(-1)).toMatch(OVER);
  });

  it('send no request of one person with the token of another who signs in in one of them (C17, C21)', async () => {
    const tabs = await signedIn(browser, LIFETIME_S);
    await Promise.all(tabs.map((tab) => tab('begin', { everyMs: 20 })));
    await pause(1_500);
    await tabs[1]('signIn', { as: 'bob' });
    await pause(3_000);
    await Promise.all(tabs.map((tab) => tab('end')));
    const states = await Promise.all(tabs.map((tab) => tab('state')));
    const mixed = site.arrivals.filter(({ as, owner }) => as !== 'nobody' && owner !== undefined && owner !== as);
    expect(mixed).toHaveLength(0);
    expect(states).toMatchObject(Array.from(tabs, () => ({ user: 'bob', authenticated: true })));
    expect(site.bob.reuses).toBe(0); // of the session that goes on
  });

  it('go on when one is killed in the middle of a refresh, with the refresh token that it did not get to use (C21)', async () => {
    const [first, second] = await signedIn(browser, 300);
    const { calls } = site.ada;
    site.ada.next({ hang: true });
    await first('beginRefresh');
    await until(() => site.ada.calls === calls + 1);
    const refreshed = second('refresh');
    await first('leave');
    expect(await refreshed).toBe(site.ada.issued.at(-1));
    expect(site.ada.reuses).toBe(0);
  });

  it('share their token with their workers (C21)', async () => {
    const [first] = await signedIn(browser, 300);
    const token = site.ada.issued.at(-1);
    await expect(first('worker')).resolves.toEqual({ page: token, worker: token });
    expect(site.ada.calls).toBe(1);
  });

  it('know of a sign-out in another when they come back with the history (C21)', async () => {
    const [first, second] = await signedIn(browser, 300);
    const back = first('away');
    await second('signOut');
    const before = site.arrivals.length;
    site.back.open();
    await expect(back).resolves.toMatchObject({ answer: expect.stringMatching(OVER) as unknown });
    expect(site.arrivals.slice(before)).toHaveLength(0);
  });
}
