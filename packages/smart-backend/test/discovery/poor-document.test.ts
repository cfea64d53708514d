// Real servers omit much of what a SMART configuration must hold: is that told instead of thrown?
import { authorize, notices, world } from '../stage.js';
import type { Observer } from '@axios-authorizer/core';

const complete = {
  grant_types_supported: ['authorization_code', 'client_credentials'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
  code_challenge_methods_supported: ['S256'],
  capabilities: ['launch-ehr', 'client-confidential-asymmetric'],
};

/** What the observer hears of a document with these members beside the token endpoint. */
async function toldOf(members: object): Promise<readonly string[]> {
  const stage = await world({ server: { document: ({ token_endpoint }) => ({ token_endpoint, ...members }) } });
  await expect(authorize(stage.auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
  return notices(stage);
}

it('a document that holds only a token endpoint works, and each missing member is told (S1)', async () => {
  const told = await toldOf({});
  expect(told).toHaveLength(3);
  for (const name of ['grant_types_supported', 'capabilities', 'code_challenge_methods_supported'])
    expect(told.filter((message) => message.endsWith(`falls short: it has no ${name}`))).toHaveLength(1);
});

it('a complete document is nothing to speak of (S1)', async () => {
  expect(await toldOf(complete)).toEqual([]);
});

it('a scope that the document does not list is asked for all the same (S1)', async () => {
  expect(await toldOf({ ...complete, scopes_supported: ['system/Observation.rs'] })).toEqual([]);
});

it.each([
  ['grant_types_supported', ['authorization_code'], 'client_credentials'],
  ['token_endpoint_auth_methods_supported', ['client_secret_basic'], 'private_key_jwt'],
  ['capabilities', ['launch-ehr'], 'client-confidential-asymmetric'],
])('%s without what is needed is told (S1)', async (name, value, lacking) => {
  expect(await toldOf({ ...complete, [name]: value })).toEqual([
    expect.stringMatching(new RegExp(`its ${name} does not list ${lacking}$`)),
  ]);
});

it.each([
  ['capabilities', 'all'],
  ['grant_types_supported', {}],
  ['token_endpoint_auth_methods_supported', [null, 1]],
])('%s of an odd shape is borne (S1)', async (name, value) => {
  expect(await toldOf({ ...complete, [name]: value })).toEqual([]);
});

it.each<[what: string, observer: Observer | undefined]>([
  ['that throws', failing],
  ['whose promise is rejected', async () => Promise.reject(new Error('the observer failed later'))],
  ['that is nobody', undefined],
])('an observer %s changes nothing (S1)', async (_, observer) => {
  const document = ({ token_endpoint }: Record<string, unknown>): object => ({ token_endpoint });
  const { auth } = await world({ server: { document }, options: { observer } });
  await expect(authorize(auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
});

it('the document is handed out as it came (S1)', async () => {
  const { auth } = await world({ server: { document: (document) => ({ ...document, vendor_says: { a: [1] } }) } });
  expect((await auth.configuration()).document).toMatchObject({
    vendor_says: { a: [1] },
    capabilities: expect.any(Array) as unknown,
  });
});

function failing(): never {
  throw new Error('the observer failed');
}
