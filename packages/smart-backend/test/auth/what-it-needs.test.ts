// A factory that is called with nothing, or with a misspelt option: is it said at once, and in words that help?
import { ConfigurationError } from '@axios-authorizer/core';
import {
  buildEhrJwtSession,
  createSmartBackendClient,
  generateEcKeyPair,
  generateKeyPair,
  generateRsaKeyPair,
  jwksHandler,
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
} from '../../src/index.js';

type Factory = (...args: readonly unknown[]) => unknown;

/** As JavaScript calls it, which no compiler holds back. */
function factory(of: unknown): Factory {
  return of as Factory;
}
function constructor(of: new (...args: never[]) => unknown): Factory {
  return (...args) => Reflect.construct(of, args) as unknown;
}
/** What it throws or rejects with; undefined when it does neither. */
async function failureOf(made: () => unknown): Promise<unknown> {
  try {
    await made();
    return undefined;
  } catch (error) {
    return error;
  }
}
const nothings: readonly (readonly [string, readonly unknown[]])[] = [
  ['nothing', []],
  ['{}', [{}]],
  ['null', [null]],
  ['a text', ['text']],
];

const needy: readonly (readonly [string, Factory, RegExp])[] = [
  ['SMARTBackendAuth', constructor(SMARTBackendAuth), /clientId/],
  ['createSmartBackendClient', factory(createSmartBackendClient), /clientId/],
  ['smartBackendService', factory(smartBackendService), /clientId/],
  ['smartBackendInterceptors', factory(smartBackendInterceptors), /clientId/],
  ['smartBackendHandlerFromAuth', factory(smartBackendHandlerFromAuth), /SMARTBackendAuth/],
  ['buildEhrJwtSession', factory(buildEhrJwtSession), /ehrSecrets/],
  ['privateKeyJwt', factory(privateKeyJwt), /clientId/],
  ['smartScope', factory(smartScope), /resource/],
  ['generateKeyPair', factory(generateKeyPair), /RS384 or ES384/],
  ['generateEcKeyPair', (given) => factory(generateEcKeyPair)(given === 'text' ? '' : given), /keyDirectory/],
  ['generateRsaKeyPair', (given) => factory(generateRsaKeyPair)(given === 'text' ? '' : given), /keyDirectory/],
  ['loadKeys', (given) => factory(loadKeys)(given === 'text' ? '' : given), /key/],
  ['SmartBackendKeys', constructor(SmartBackendKeys), /kid/],
  ['KeyRing', constructor(KeyRing), /key/],
  ['publicJwks', factory(publicJwks), /key/],
  ['jwksHandler', factory(jwksHandler), /key/],
];

it.each(
  needy.flatMap(([name, call, words]) => nothings.map(([what, args]) => [name, what, call, args, words] as const)),
)('%s, called with %s, says what it needs (C15)', async (_name, _what, call, args, words) => {
  const failure = await failureOf(() => call(...args));
  expect(failure).toMatchObject({ kind: 'configuration', message: expect.stringMatching(words) as unknown });
});

const client = { baseUrl: 'https://fhir.example', clientId: 'reports', scope: 'system/*.rs' };
const signer = { alg: 'ES384', kid: 'one', sign: () => new Uint8Array(96) };

it.each<readonly [string, () => unknown, RegExp]>([
  [
    'createSmartBackendClient',
    () => factory(createSmartBackendClient)({ ...client, keys: signer, tokenURL: 'x' }),
    /tokenURL; did you mean tokenUrl\?/,
  ],
  ['SMARTBackendAuth', () => constructor(SMARTBackendAuth)({ ...client, key: signer }), /key; did you mean keys\?/],
  [
    'privateKeyJwt',
    () => factory(privateKeyJwt)({ clientId: 'a', keys: signer, audiance: 'x' }),
    /audiance; did you mean audience\?/,
  ],
  ['generateKeyPair', () => factory(generateKeyPair)('ES384', { keyDir: 'x' }), /keyDir; did you mean keyDirectory\?/],
  ['loadKeys', () => factory(loadKeys)('keys', { passPhrase: 'x' }), /passPhrase; did you mean passphrase\?/],
  [
    'SmartBackendKeys',
    () => constructor(SmartBackendKeys)({ privateJWK: {} }),
    /privateJWK; did you mean privateJwk\?/,
  ],
  ['jwksHandler', () => factory(jwksHandler)(signer, { maxAge: 5 }), /maxAge; did you mean maxAgeMs\?/],
  ['smartScope', () => factory(smartScope)({ resource: 'Patient', acces: 'rs' }), /acces; did you mean access\?/],
])('%s refuses an unknown option with the nearest name (C15)', async (_name, call, words) => {
  const failure = await failureOf(call);
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(failure).toMatchObject({ message: expect.stringMatching(words) as unknown });
});

it('the client is said flat or as clientInfo, with its API key (C15)', () => {
  const { clientId, ...rest } = client;
  const make = factory(createSmartBackendClient) as typeof createSmartBackendClient;
  const keys = { ...signer, alg: 'ES384' } as const;
  const flat = make({ ...rest, clientId, apiKey: 'k-1', keys });
  const info = make({ ...rest, clientInfo: { clientId, apiKey: 'k-1' }, keys });
  for (const { authorizer } of [flat, info])
    expect([authorizer.clientId, authorizer.headersFor({ accessToken: 'token' })]).toEqual([
      'reports',
      { Authorization: 'Bearer token', 'X-Api-Key': 'k-1' },
    ]);
});
