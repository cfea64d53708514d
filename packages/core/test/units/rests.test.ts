// What is remembered of those that refuse every token?
import { Rests } from '../../src/rests.js';

const now = 1_000_000;
const route = (index: number): URL => new URL(`https://api.example.org/closed/${index}`);

function isResting(rests: Rests, url: URL | undefined): boolean {
  return rests.afterRefusal(now, url) !== undefined;
}

it('the route that refused again rests, and its whole API until one of its routes accepts (C7)', () => {
  const rests = new Rests();
  rests.refusedAgain(now, route(1));
  expect([route(1), route(2)].map((url) => isResting(rests, url))).toEqual([true, true]);
  rests.accepted(route(2));
  expect([route(1), route(2)].map((url) => isResting(rests, url))).toEqual([true, false]);
  rests.accepted(route(1));
  expect(isResting(rests, route(1))).toBe(false);
});

it('a query is no other route, another port is another API (C7)', () => {
  const rests = new Rests();
  rests.refusedAgain(now, route(1));
  expect(isResting(rests, new URL('?page=2', route(1)))).toBe(true);
  expect(isResting(rests, new URL('https://api.example.org:8443/closed/1'))).toBe(false);
});

it('routes without end are not remembered without end: beyond a thousand all are forgotten (C7)', () => {
  const rests = new Rests();
  for (let index = 0; index < 1_500; index += 1) {
    rests.refusedAgain(now, route(index));
    rests.accepted(new URL('https://api.example.org/open'));
  }
  expect([0, 999, 1_499].map((index) => isResting(rests, route(index)))).toEqual([false, false, true]);
});

it('a refusal that nobody places rests never, and waits for no rest of others (C7)', () => {
  const rests = new Rests();
  rests.refusedAgain(now, route(1));
  expect(isResting(rests, undefined)).toBe(false);
  expect(() => rests.assertOver(now, undefined)).not.toThrow();
  expect(() => rests.assertOver(now, route(1))).toThrow('Not asked again for 2 s');
});
