// What is remembered of forced refreshes that helped nobody?
import { apiRoute, UNNAMED, UselessRefreshes } from '../../src/lifecycle/backoff/useless-refreshes.js';
import type { ApiRoute } from '../../src/lifecycle/backoff/useless-refreshes.js';

const start = 1_000_000;
const api = 'https://api.example.org';

function route(path: string, method?: string): ApiRoute {
  return apiRoute(new URL(path, api), method);
}

/** An API's history, by a clock that the test moves. */
class History {
  readonly refreshes = new UselessRefreshes();
  now = start;
  #made = 0;

  /** A rejection by `by` led to a new token. */
  refresh(by: ApiRoute, { token = `t${(this.#made += 1)}`, isRetried = true } = {}): string {
    this.refreshes.refreshed({ id: (this.#made += 1), token, isRetried }, by, this.now);
    return token;
  }

  /** The same, and the new token is rejected as well. */
  useless(by: ApiRoute): string {
    const token = this.refresh(by);
    this.refreshes.rejected(token, by, this.now);
    return token;
  }

  leftMs(by: ApiRoute, token = 'another'): number {
    return this.refreshes.active(token, by, this.now)?.leftMs ?? 0;
  }
}

it('the route that rejected a fresh token cools down, its API does not before the fourth (C7)', () => {
  const history = new History();
  const left: number[] = [];
  for (const index of [1, 2, 3, 4, 5]) {
    history.useless(route(`/closed/${index}`));
    left.push(history.leftMs(route('/other')));
    expect(history.leftMs(route(`/closed/${index}`))).toBeGreaterThanOrEqual(2_000);
  }
  expect(left).toEqual([0, 0, 0, 2_000, 4_000]);
});

it('an API allows one more useless refresh per cool-down: 2 s doubling to 60 s (C7)', () => {
  const history = new History();
  const pauses: number[] = [];
  for (let index = 0; index < 12; index += 1) {
    history.useless(route(`/closed/${index}`));
    const leftMs = history.leftMs(route('/other'));
    pauses.push(leftMs);
    history.now += Math.min(leftMs, 59_999); // a minute without one would halve the count
  }
  expect(pauses).toEqual([0, 0, 0, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
});

it.each([
  [59_999, 1],
  [60_000, 2],
  [119_999, 2],
  [120_000, 3],
  [180_000, 4],
])('after %i ms without one, the count of four is so low that %i more are allowed (C7)', (pauseMs, allowed) => {
  const history = new History();
  for (const index of [1, 2, 3, 4]) history.useless(route(`/closed/${index}`));
  history.now += pauseMs;
  let more = 0;
  for (; history.leftMs(route('/other')) === 0; more += 1) history.useless(route(`/later/${more}`));
  expect(more).toBe(allowed);
});

it('one token counts once, and who says so later prolongs nothing (C7)', () => {
  const history = new History();
  const asked = ['/a', '/b', '/c', '/d', '/e'].map((path) => route(path));
  const id = 1;
  for (const by of asked) history.refreshes.refreshed({ id, token: 't', isRetried: true }, by, history.now);
  for (const by of asked) {
    history.refreshes.rejected('t', by, history.now);
    history.refreshes.rejected('t', by, history.now);
    history.now += 300;
  }
  expect(asked.map((by) => history.leftMs(by))).toEqual([500, 500, 500, 500, 500]);
  expect(history.leftMs(route('/other'))).toBe(0);
});

it('a source that returns the same token again makes each refresh count all the same (C7)', () => {
  const history = new History();
  for (let index = 0; index < 4; index += 1) {
    history.refresh(route('/closed'), { token: 'same' });
    history.refreshes.rejected('same', route('/closed'), history.now);
  }
  expect(history.leftMs(route('/closed'))).toBe(16_000);
  expect(history.leftMs(route('/other'))).toBe(2_000);
});

it('a route that accepted the token since does not cool down, nor does what never asked for it (C7)', () => {
  const history = new History();
  const token = history.refresh(route('/slow'));
  history.refreshes.accepted(token, route('/slow'), history.now);
  history.refreshes.rejected(token, route('/slow'), history.now);
  history.refreshes.rejected(token, route('/bystander'), history.now);
  expect([history.leftMs(route('/slow')), history.leftMs(route('/bystander'))]).toEqual([0, 0]);
});

it('an accepted request ends the cool-down of its own route only (C7)', () => {
  const history = new History();
  const token = history.useless(route('/closed'));
  for (const path of ['/', '/closed/1', '/other']) history.refreshes.accepted(token, route(path), history.now);
  history.refreshes.accepted(token, route('/closed', 'POST'), history.now);
  expect(history.leftMs(route('/closed'))).toBe(2_000);
  history.refreshes.accepted(token, route('/closed'), history.now);
  expect(history.leftMs(route('/closed'))).toBe(0);
});

it('what shows that a token ended since it was accepted passes the cool-down of its API (C7)', () => {
  const history = new History();
  for (const index of [1, 2, 3, 4]) history.useless(route(`/closed/${index}`));
  const token = history.refresh(route('/good'));
  history.refreshes.accepted(token, route('/good'), history.now);
  expect(history.leftMs(route('/good'), token)).toBe(0);
  expect(history.leftMs(route('/other'), token)).toBe(2_000);
});

it('an API that is slow to say no gets no more tokens than one that says so at once (C7)', () => {
  const history = new History();
  let tokens = 0;
  for (; history.leftMs(route(`/${tokens}`)) === 0; tokens += 1) history.refresh(route(`/${tokens}`));
  expect(tokens).toBe(4);
  history.refreshes.judged('t7', route('/3')); // that one answered 404, say
  expect(history.leftMs(route('/other'))).toBe(0);
});

it.each([
  ['a query', '/closed?page=2', 'get'],
  ['a fragment', '/closed#top', 'get'],
  ['a slash at the end', '/closed/', 'get'],
  ['the method in capitals', '/closed', 'GET'],
])('%s makes no other route (C7)', (_what, path, method) => {
  const history = new History();
  history.useless(route('/closed'));
  expect(history.leftMs(route(path, method))).toBe(2_000);
});

it.each([
  ['another method', '/closed', 'post'],
  ['another case', '/Closed', 'get'],
  ['a path below', '/closed/1', 'get'],
  ['another port', 'https://api.example.org:8443/closed', 'get'],
  ['another scheme', 'http://api.example.org/closed', 'get'],
])('%s is another route (C7)', (_what, path, method) => {
  const history = new History();
  history.useless(route('/closed'));
  expect(history.leftMs(route(path, method))).toBe(0);
});

it('routes without end are not remembered without end: of 1,500 that ask at once, the oldest 500 are forgotten (C7)', () => {
  const history = new History();
  const asked = Array.from({ length: 1_500 }, (_, index) => route(`/closed/${index}`));
  for (const by of asked) history.refreshes.refreshed({ id: 1, token: 't', isRetried: true }, by, history.now);
  for (const by of asked) history.refreshes.rejected('t', by, history.now);
  expect(asked.filter((by) => history.leftMs(by) > 0)).toEqual(asked.slice(500));
});

it('a path that is very long costs no more memory than others (C7)', () => {
  expect(apiRoute(new URL(`/${'x'.repeat(100_000)}`, api)).name.length).toBeLessThanOrEqual(500);
});

it('a clock that steps back prolongs nothing, and nothing cools down anew when it catches up (C7)', () => {
  const history = new History();
  for (const index of [1, 2, 3, 4]) history.useless(route(`/closed/${index}`));
  const left = (): number[] => [route('/closed/4'), route('/other')].map((by) => history.leftMs(by));
  expect(left()).toEqual([2_000, 2_000]);
  history.now = start - 3_600_000;
  expect(left()).toEqual([0, 0]);
  history.now = start + 1_000;
  expect(left()).toEqual([0, 0]);
});

it('a caller who names no route is slowed down only when it rejects one fresh token after the other (C7)', () => {
  const history = new History();
  const reject = (afterMs: number): number => {
    const token = history.refresh(UNNAMED, { isRetried: false });
    history.now += afterMs;
    history.refreshes.rejectedAtFirst(token, UNNAMED, history.now);
    return history.leftMs(UNNAMED, token);
  };
  expect(Array.from({ length: 20 }, () => reject(2_000))).toEqual(Array.from({ length: 20 }, () => 0));
  expect(Array.from({ length: 5 }, () => reject(0))).toEqual([0, 0, 0, 2_000, 4_000]);
});

it('nobody listens to what is accepted before a first forced refresh, nor ten minutes after the last (C7, C14)', () => {
  const history = new History();
  expect(history.refreshes.listens).toBe(false);
  const token = history.useless(route('/closed'));
  expect(history.refreshes.listens).toBe(true);
  history.now += 600_000;
  history.refreshes.accepted(token, route('/other'), history.now);
  expect(history.refreshes.listens).toBe(false);
});
