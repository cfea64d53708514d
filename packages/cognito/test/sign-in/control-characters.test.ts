// Is what was read with its line end sent to a user pool, and can the app's secret rotate?
import { createHmac } from 'node:crypto';
import { ConfigurationError } from '@axios-authorizer/core';
import { OAuth2Authorizer, SRPAuthorizer } from '../../src/index.js';
import { another, clientId, failureOf, textsOf, world } from '../stage.js';
import type { SRPAuthorizerOptions } from '../../src/index.js';

const secret = 'the-secret-of-the-app-client';

function hashBy(key: string): string {
  return createHmac('sha256', key).update(`alice${clientId}`).digest('base64');
}

it.each<[what: string, client: object, options: Partial<SRPAuthorizerOptions>]>([
  ['clientInfo.clientId', { clientId: `${clientId}\n` }, {}],
  ['clientInfo.clientSecret', { clientSecret: `${secret}\r\n` }, {}],
  ['username', {}, { username: 'alice\n' }],
  ['password', {}, { password: 'Correct-Horse-1\n' }],
])('a line end in %s is a ConfigurationError when the authorizer is made (C16, G1)', async (what, client, changes) => {
  const { clientInfo, options, pool } = await world();
  const make = (): unknown => new SRPAuthorizer({ ...clientInfo, ...client }, { ...options, ...changes });
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(what);
  expect(make).not.toThrow(/Correct-Horse|the-secret/);
  expect(pool.operations).toEqual([]);
});

it('a line end in a password or a secret that a function reads sends nothing with it (C16, G1)', async () => {
  const scene = await world({ client: { clientSecret: secret } });
  const byPassword = another(scene, { password: () => 'Correct-Horse-1\n' });
  const bySecret = new SRPAuthorizer({ clientId, clientSecret: () => `${secret}\n` }, scene.options);
  for (const authorizer of [byPassword, bySecret])
    expect(await failureOf(authorizer.getToken())).toMatchObject({ name: 'ConfigurationError' });
  expect(scene.pool.operations).toEqual([]);
});

it('a line end in a refresh token sends nothing with it (C16, G2)', async () => {
  const scene = await world();
  expect(() => another(scene, { initialToken: { refreshToken: 'kept\n' } })).toThrow(/refreshToken.*trim it/);
  expect(scene.pool.operations).toEqual([]);
});

it('a secret that is a function is read for each operation, so that it can rotate (C16, G1)', async () => {
  const { pool, options } = await world({ client: { clientSecret: secret } });
  let read = 0;
  const clientSecret = async (): Promise<string> => ((read += 1) > 2 ? 'rotated' : secret);
  const authorizer = new SRPAuthorizer({ clientId, clientSecret }, options);
  await authorizer.getToken();
  await failureOf(authorizer.getToken({ force: true }));
  const [first, second, third] = pool.operations;
  expect([first, second].map((operation) => textsOf(operation)['SECRET_HASH'])).toEqual([
    hashBy(secret),
    hashBy(secret),
  ]);
  expect(third?.body['ClientSecret']).toBe('rotated');
});

it('OAuth2Authorizer takes a function as well, and an empty one is told (C16)', async () => {
  const tokenUrl = 'http://127.0.0.1:9/token';
  const authorizer = new OAuth2Authorizer({ clientId, clientSecret: () => '' }, { tokenUrl });
  expect(String(await failureOf(authorizer.getToken()))).toContain('clientSecret is empty');
});
