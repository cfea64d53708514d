// A factory that is called with nothing, or with a misspelt option: is it said at once, and in words that help?
import { ConfigurationError } from '@axios-authorizer/core';
import { calledWithNothing, constructing, thrownBy, untyped } from '@axios-authorizer/test-kit';
import type { Needy } from '@axios-authorizer/test-kit';
import {
  buildEhrJwtSession,
  createSmartBackendClient,
  generateEcKeyPair,
  generateKeyPair,
  generateRsaKeyPair,
  jwksHandler,
  jwksResponse,
  KeyRing,
  loadKeys,
  privateKeyJwt,
  publicJwks,
  SMARTBackendAuth,
  SmartBackendKeys,
  smartBackendHandlerFromAuth,
  smartBackendInterceptors,
  smartBackendService,
  smartScope,
  thumbprint,
} from '../../src/index.js';

const needy: Needy = [
  ['SMARTBackendAuth', constructing(SMARTBackendAuth), /clientId/],
  ['createSmartBackendClient', untyped(createSmartBackendClient), /clientId/],
  ['smartBackendService', untyped(smartBackendService), /clientId/],
  ['smartBackendInterceptors', untyped(smartBackendInterceptors), /clientId/],
  ['smartBackendHandlerFromAuth', untyped(smartBackendHandlerFromAuth), /SMARTBackendAuth/],
  ['buildEhrJwtSession', untyped(buildEhrJwtSession), /ehrSecrets/],
  ['privateKeyJwt', untyped(privateKeyJwt), /clientId/],
  ['smartScope', untyped(smartScope), /resource/],
  ['generateKeyPair', untyped(generateKeyPair), /RS384 or ES384/],
  ['generateEcKeyPair', (given) => untyped(generateEcKeyPair)(given === 'text' ? '' : given), /keyDirectory/],
  ['generateRsaKeyPair', (given) => untyped(generateRsaKeyPair)(given === 'text' ? '' : given), /keyDirectory/],
  ['loadKeys', (given) => untyped(loadKeys)(given === 'text' ? '' : given), /key/],
  ['SmartBackendKeys', constructing(SmartBackendKeys), /kid/],
  ['KeyRing', constructing(KeyRing), /key/],
  ['publicJwks', untyped(publicJwks), /key/],
  ['jwksHandler', untyped(jwksHandler), /key/],
  ['jwksResponse', untyped(jwksResponse), /Request/],
  ['thumbprint', untyped(thumbprint), /public key/],
];

it.each(calledWithNothing(needy))('%s, called with %s, says what it needs (C15)', async (_name, _what, call, words) => {
  const failure = await thrownBy(call);
  expect(failure).toMatchObject({ kind: 'configuration', message: expect.stringMatching(words) as unknown });
});

const client = { baseUrl: 'https://fhir.example', clientId: 'reports', scope: 'system/*.rs' };
const signer = { alg: 'ES384', kid: 'one', sign: () => new Uint8Array(96) };

it.each<readonly [string, () => unknown, RegExp]>([
  [
    'createSmartBackendClient',
    () => untyped(createSmartBackendClient)({ ...client, keys: signer, tokenURL: 'x' }),
    /tokenURL; did you mean tokenUrl\?/,
  ],
  ['SMARTBackendAuth', () => constructing(SMARTBackendAuth)({ ...client, key: signer }), /key; did you mean keys\?/],
  [
    'privateKeyJwt',
    () => untyped(privateKeyJwt)({ clientId: 'a', keys: signer, audiance: 'x' }),
    /audiance; did you mean audience\?/,
  ],
  ['generateKeyPair', () => untyped(generateKeyPair)('ES384', { keyDir: 'x' }), /keyDir; did you mean keyDirectory\?/],
  ['loadKeys', () => untyped(loadKeys)('keys', { passPhrase: 'x' }), /passPhrase; did you mean passphrase\?/],
  [
    'SmartBackendKeys',
    () => constructing(SmartBackendKeys)({ privateJWK: {} }),
    /privateJWK; did you mean privateJwk\?/,
  ],
  ['jwksHandler', () => untyped(jwksHandler)(signer, { maxAge: 5 }), /maxAge; did you mean maxAgeMs\?/],
  ['smartScope', () => untyped(smartScope)({ resource: 'Patient', acces: 'rs' }), /acces; did you mean access\?/],
])('%s refuses an unknown option with the nearest name (C15)', async (_name, call, words) => {
  const failure = await thrownBy(call);
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(failure).toMatchObject({ message: expect.stringMatching(words) as unknown });
});

it('the client is said flat or as clientInfo, with its API key (C15)', () => {
  const { clientId, ...rest } = client;
  const make = untyped(createSmartBackendClient) as typeof createSmartBackendClient;
  const keys = { ...signer, alg: 'ES384' } as const;
  const flat = make({ ...rest, clientId, apiKey: 'k-1', keys });
  const info = make({ ...rest, clientInfo: { clientId, apiKey: 'k-1' }, keys });
  for (const { authorizer } of [flat, info])
    expect([authorizer.clientId, authorizer.headersFor({ accessToken: 'token' })]).toEqual([
      'reports',
      { Authorization: 'Bearer token', 'X-Api-Key': 'k-1' },
    ]);
});
