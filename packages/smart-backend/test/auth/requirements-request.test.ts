// What a server reads of a client, to the letter: the bearer, the place of the key set, the name of that place in `jku`.
import { jwksHandler } from '../../src/index.js';
import { authorize, clientId, esKey, failureOf, keyPair, loopback, world } from '../stage.js';
import type { World } from '../stage.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';

const keys = [esKey, keyPair('RS384', 'rs-key')];

/** A service that serves its key set, a server that is told where, and a client that says `jku` of it. */
async function publishing(
  jku: (registered: string) => string | undefined,
): Promise<World & { keySet: LoopbackServer }> {
  const keySet = await loopback(jwksHandler(keys));
  const jwksUrl = `${keySet.origin}/jwks.json`;
  const stage = await world({
    server: { clients: [{ clientId, jwksUrl }] },
    options: { keys, jku: jku(jwksUrl) },
  });
  return { ...stage, keySet };
}

it('the token is presented as "Authorization: Bearer" and the token, to the letter (S6)', async () => {
  const { server, client } = await world();
  await client.get('/Patient/1');
  expect(server.requests.at(-1)?.headers.authorization).toBe(`Bearer ${server.issued[0]}`);
});

it('the key set is read from its URL by a server that has no credentials for it (S6)', async () => {
  const { auth, keySet } = await publishing(() => undefined);
  await expect(authorize(auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
  expect(keySet.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([['/jwks.json', undefined]]);
});

it('a jku that is the registered URL is sent to the letter, and accepted (S6)', async () => {
  const { auth, server, keySet } = await publishing((registered) => registered);
  await expect(authorize(auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
  expect(server.assertions.map(({ header }) => header['jku'])).toEqual([`${keySet.origin}/jwks.json`]);
});

it('a jku that is not the registered URL is refused, and told as jku_mismatch with what was sent (S6)', async () => {
  const { auth, server } = await publishing((registered) => `${registered}?`);
  const error = await failureOf(authorize(auth));
  expect(error).toMatchObject({ code: 'jku_mismatch', status: 401 });
  expect(error.message).toContain(String(server.assertions[0]?.header['jku']));
  expect(server.issued).toEqual([]);
});
