// Which settings can never work, and are they told before anything is sent?
import { clientSecretBasic, clientSecretPost, ConfigurationError } from '@axios-authorizer/core';
import { generateKeyPair, loadKeys, privateKeyJwt, SMARTBackendAuth } from '../../src/index.js';
import { pkcs8 } from '../keys/material.js';
import { failureOf } from '../keys/problem.js';
import { asked, ec, es384, rs384, tokenEndpoint } from './stage.js';
import type { PrivateKeyJwtOptions } from '../../src/index.js';

const good: PrivateKeyJwtOptions = { clientId: 'my-app', keys: es384 };
const jku = 'https://app.example.org/jwks.json';

const bad: readonly (readonly [what: string, options: Readonly<Record<string, unknown>>])[] = [
  ['an empty clientId', { clientId: '' }],
  ['a clientId that is not set', { clientId: undefined }],
  ['a clientId that is a number', { clientId: 7 }],
  ['a clientId with a tab in it', { clientId: 'my\tapp' }],
  ['no keys', { keys: undefined }],
  ['null for keys', { keys: null }],
  ['an empty list of keys', { keys: [] }],
  ['a list without a key in it', { keys: [undefined] }],
  ['keys that were not awaited, generated', { keys: generateKeyPair('ES384') }],
  ['keys that were not awaited, loaded', { keys: loadKeys(pkcs8(ec)) }],
  ['a list of keys that were not awaited', { keys: [generateKeyPair('ES384')] }],
  ['a private JWK for keys', { keys: es384.privateJwk }],
  ['a PEM for keys', { keys: pkcs8(ec) }],
  ['a jku on plain http', { jku: jku.replace('https', 'http') }],
  ['a jku that is no URL', { jku: '/jwks.json' }],
  ['an empty jku', { jku: '' }],
];

it.each(bad)('%s is a ConfigurationError, of privateKeyJwt as of SMARTBackendAuth (S2)', (_what, options) => {
  const wrong = { ...good, ...options };
  expect(() => privateKeyJwt(wrong)).toThrow(ConfigurationError);
  const server = { baseUrl: 'https://fhir.example.org', scope: 'system/*.rs' };
  expect(() => new SMARTBackendAuth({ ...server, ...wrong })).toThrow(ConfigurationError);
});

it('what was forgotten is said: an await (S2)', () => {
  const keys = generateKeyPair('ES384') as never;
  expect(() => privateKeyJwt({ ...good, keys })).toThrow('`await`');
});

it.each([['RS384'], ['PS384', 'RS256'], []])('no key for the algorithms %j is a ConfigurationError (S3)', (...list) => {
  expect(() => privateKeyJwt({ ...good, algorithms: list })).toThrow(ConfigurationError);
});

it.each([jku, 'HTTPS://app.example.org/jwks', 'http://127.0.0.1:8080/jwks', 'http://localhost/j', 'http://[::1]:1/j'])(
  'the jku %s is taken (S2)',
  (url) => {
    expect(() => privateKeyJwt({ ...good, jku: url })).not.toThrow();
  },
);

it.each(['http://localhost.example.org/jwks', 'http://127.evil.example/jwks'])(
  'the jku %s only looks like this machine, and is refused (S2)',
  (url) => {
    expect(() => privateKeyJwt({ ...good, jku: url })).toThrow(ConfigurationError);
  },
);

const secret = { clientId: 'my-app', clientSecret: 'secret' };
it.each([
  ['Basic', clientSecretBasic(secret)],
  ['a client_secret', clientSecretPost(secret)],
])('an assertion beside %s is refused, nothing is sent (S2)', async (_what, other) => {
  const endpoint = await tokenEndpoint();
  const own = privateKeyJwt({ ...good, keys: [es384, rs384] });
  const error = await failureOf(() =>
    asked(endpoint, async (request) => {
      await own(request);
      await other(request);
    }),
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(endpoint.requests).toEqual([]);
});

it('a client_secret in the body beside the assertion is refused, nothing is sent (S2)', async () => {
  const endpoint = await tokenEndpoint();
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_secret: 'secret' });
  const error = await failureOf(() => asked(endpoint, privateKeyJwt(good), body));
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(endpoint.requests).toEqual([]);
});
