// Which key signs for a server that takes only some algorithms?
import { ConfigurationError } from '@axios-authorizer/core';
import { KeyRing } from '../../src/index.js';
import { authorize, esKey, failureOf, keyPair, registration, world } from '../stage.js';
import type { SigningKeys } from '../../src/index.js';
import type { World } from '../stage.js';

const rsKey = keyPair('RS384', 'rs-key');

/** A server that takes both, and says `listed`. */
function serverThatLists(listed: unknown, keys: SigningKeys): Promise<World> {
  const document = (complete: Record<string, unknown>): object => ({
    ...complete,
    token_endpoint_auth_signing_alg_values_supported: listed, // undefined is left out of JSON
  });
  return world({ server: { document, clients: [registration(esKey, rsKey)] }, options: { keys } });
}

it.each<[listed: unknown, keys: SigningKeys, kid: string]>([
  [['RS384'], [esKey, rsKey], 'rs-key'],
  [['ES384'], [rsKey, esKey], 'es-key'],
  [['RS384', 'ES384'], [esKey, rsKey], 'rs-key'],
  [['ES384', 'RS384'], [rsKey, esKey], 'es-key'],
  [['RS384', 'ES384'], esKey, 'es-key'],
  [['PS512', 'HS256', 'none', 'ES384', 'RS384'], [rsKey, esKey], 'es-key'],
  [[7, null, 'RS384'], [esKey, rsKey], 'rs-key'],
  [undefined, [esKey, rsKey], 'es-key'],
  [undefined, [rsKey, esKey], 'rs-key'],
  [null, [rsKey, esKey], 'rs-key'],
  [[], [rsKey, esKey], 'rs-key'],
  ['ES384', [rsKey, esKey], 'rs-key'],
])('a server that lists %j gets an assertion of %j signed by %s (S3)', async (listed, keys, kid) => {
  const { server, auth } = await serverThatLists(listed, keys);
  await authorize(auth);
  expect(server.assertions.map(({ header }) => header['kid'])).toEqual([kid]);
});

it.each<[listed: readonly string[], keys: SigningKeys]>([
  [
    ['RS256', 'ES256'],
    [esKey, rsKey],
  ],
  [['RS384'], esKey],
  [['ES384'], rsKey],
])('a server that lists %j, none of which a key is for, is sent nothing (S3)', async (listed, keys) => {
  const { server, auth } = await serverThatLists(listed, keys);
  const error = await failureOf(authorize(auth));
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toContain(listed.join(', '));
  expect(server.calls).toBe(0);
});

it('a key that was told to sign does so wherever the server takes its algorithm (S3)', async () => {
  const ring = new KeyRing(rsKey, esKey);
  const { server, auth } = await serverThatLists(['RS384', 'ES384'], ring);
  ring.signWith('es-key');
  await authorize(auth);
  ring.signWith('rs-key');
  await authorize(auth);
  expect(server.assertions.map(({ header }) => header['alg'])).toEqual(['ES384', 'RS384']);
});

it('a key that was told to sign is passed over by a server that does not take its algorithm (S3)', async () => {
  const ring = new KeyRing(rsKey, esKey);
  ring.signWith('es-key');
  const { server, auth } = await serverThatLists(['RS384'], ring);
  await authorize(auth);
  expect(server.assertions.map(({ header }) => header['kid'])).toEqual(['rs-key']);
});

it('with tokenUrl there is no list, and the first key signs (S3)', async () => {
  const { server, options } = await serverThatLists(['RS384'], [esKey, rsKey]);
  const { auth } = await world({ options: { ...options, tokenUrl: server.tokenUrl } });
  await authorize(auth);
  expect(server.assertions.map(({ header }) => header['kid'])).toEqual(['es-key']);
});
