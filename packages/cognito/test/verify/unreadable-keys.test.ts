// What if the pool's key set cannot be read, or is none?
import {
  failureOf,
  jwksOf,
  keys,
  poolKey,
  readIntervalMs,
  retryIntervalMs,
  tokenBy,
  unavailable,
  world,
} from './stage.js';
import type { World } from './stage.js';

const third = poolKey('key-3');

it('offline after the first reading known keys go on, and an unknown one is no verdict (G5)', async () => {
  const stage = await world();
  await stage.verify(tokenBy(keys[0], stage));
  await stage.jwks.stop();
  await stage.clock.advance(24 * 3_600_000);
  await expect(stage.verify(tokenBy(keys[1], stage))).resolves.toMatchObject({ username: 'bob' });
  expect(await failureOf(stage.verify(tokenBy(third, stage)))).toMatchObject(unavailable);
  await expect(stage.verify(tokenBy(keys[0], stage))).resolves.toMatchObject({ username: 'bob' });
});

it('offline at first is no verdict, says when it is asked again, and fixes itself (G5, G9)', async () => {
  const stage = await world();
  const token = tokenBy(keys[0], stage);
  stage.jwks.answer = { status: 503, text: '' };
  const retryAfterMs = retryIntervalMs;
  expect(await failureOf(stage.verify(token))).toMatchObject({ ...unavailable, retryAfterMs });
  stage.jwks.answer = jwksOf(...keys);
  await stage.clock.advance(retryIntervalMs - 1);
  expect(await failureOf(stage.verify(token))).toMatchObject({ ...unavailable, retryAfterMs: 1 });
  expect(stage.jwks.requests).toHaveLength(1);
  await stage.clock.advance(1);
  await expect(stage.verify(token)).resolves.toMatchObject({ username: 'bob' });
  expect(stage.jwks.requests).toHaveLength(2);
});

it('without a server at all the same is said (G5)', async () => {
  const stage = await world();
  await stage.jwks.stop();
  expect(await failureOf(stage.verify(tokenBy(keys[0], stage)))).toMatchObject({ ...unavailable, code: 'network' });
});

it.each<[what: string, answer: World['jwks']['answer']]>([
  ['a page', { text: '<html>Sign in to the hotel network</html>' }],
  ['an error', { status: 500, text: 'oops' }],
  ['an error with keys in it', { status: 500, ...jwksOf(...keys) }],
  ['not found', { status: 404, text: '{}' }],
  ['a redirect', { status: 302, ...jwksOf(...keys) }],
  ['nothing', { text: '' }],
  ['no object', { text: '[]' }],
  ['no keys', { text: '{}' }],
  ['an empty list of keys', { text: '{"keys":[]}' }],
  ['keys that are no list', { text: '{"keys":"key-1"}' }],
  ['a list of nothing', { text: '{"keys":[null]}' }],
  ['keys for encryption alone', { text: JSON.stringify({ keys: [{ ...keys[0].jwk, use: 'enc' }] }) }],
])('a key set that is %s is no verdict (G5)', async (_, answer) => {
  const stage = await world();
  stage.jwks.answer = answer;
  expect(await failureOf(stage.verify(tokenBy(keys[0], stage)))).toMatchObject(unavailable);
});

it('a key set that comes to harm later leaves the keys that were read (G5)', async () => {
  const stage = await world();
  await stage.verify(tokenBy(keys[0], stage));
  stage.jwks.answer = { text: '<html>' };
  await stage.clock.advance(readIntervalMs);
  expect(await failureOf(stage.verify(tokenBy(third, stage)))).toMatchObject(unavailable);
  await expect(stage.verify(tokenBy(keys[0], stage))).resolves.toMatchObject({ username: 'bob' });
});
