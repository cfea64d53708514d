// Servers say in many words what is wrong with a client. The wordings are those of real servers; the code says which of them
// means what, and the server's own fields stay as they were.
import { TokenEndpointError } from '@axios-authorizer/core';
import { authorize, clientId, esKey, failureOf, world } from '../stage.js';
import { SMARTBackendAuth } from '../../src/index.js';
import { wordings } from './wordings.js';
import type { Answer } from '@axios-authorizer/test-kit';
import type { Failure } from '../stage.js';
import type { AuthenticationError } from '@axios-authorizer/core';

/** What a source throws when its token request is answered so. */
async function thrownFor(answer: Answer): Promise<AuthenticationError> {
  const { server, auth } = await world();
  server.alwaysToken(answer);
  const error = await failureOf(authorize(auth));
  expect(server.calls).toBe(1);
  return error;
}

it.each(wordings)('%s is what %s means by "%s" (S2)', async (code, _, description) => {
  const { server, auth } = await world();
  for (const [status, error] of [
    [401, 'invalid_client'],
    [400, 'invalid_grant'],
  ] as const) {
    server.nextToken({ status, json: { error, error_description: description } });
    const kind = code === 'key_set_unreadable' ? 'unavailable' : 'credentials';
    expect(await failureOf(authorize(auth))).toMatchObject({ code, kind, status, error });
  }
  expect(server.calls).toBe(2);
});

const cerner = 'https://authorization.cerner.com/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3A';
const instance =
  '/instances/826bf054-f12e-48d9-9e74-1b8db5ffaa44?client=unknown&tenant=ec2458f2-1e24-41c8-b71b-0e701af7583d';

it.each([
  ['signature_refused', `${cerner}client-assertion%3Ajwt-bearer%3Ainvalid-signature${instance}`],
  ['client_refused', `${cerner}oauth2%3Atoken%3Ainvalid-tenant${instance}`],
  ['client_refused', 'https://login.example.com/error?code=700027'],
])('%s is read from an error page alone: %s (S2)', async (code, errorUri) => {
  const thrown = await thrownFor({ status: 401, json: { error: 'invalid_client', error_uri: errorUri } });
  expect(thrown).toMatchObject({ code, errorUri, error: 'invalid_client' });
});

it.each<[what: string, json: unknown]>([
  ['null, as Epic does', { error: 'invalid_client', error_description: null }],
  ['nothing', { error: 'invalid_client' }],
  ['an OperationOutcome', { resourceType: 'OperationOutcome', issue: [{ code: 'login' }] }],
  ['an empty object', {}],
])(
  'a server that explains itself with %s is client_refused, and the message lists what to check (S2)',
  async (_, json) => {
    const thrown = await thrownFor({ status: 401, json });
    expect(thrown).toMatchObject({ code: 'client_refused', kind: 'credentials' });
    for (const part of [clientId, esKey.kid, 'ES384', 'clock']) expect(thrown.message).toContain(part);
  },
);

it('a refused scope is told by the error code, whatever the words (S2)', async () => {
  const json = { error: 'invalid_scope', error_description: 'Client x may not use this key' };
  const thrown = await thrownFor({ status: 400, json });
  expect(thrown).toMatchObject({ code: 'scope_refused', kind: 'configuration' });
  expect(thrown.message).toContain('system/*.rs');
});

it.each([
  [
    400,
    { error: 'unsupported_grant_type', error_description: 'The grant_type parameter should equal client_credentials' },
  ],
  [400, { error: 'unsupported_grant_type', error_description: 'Grant type client_credentials is not supported' }],
  [400, { error: 'invalid_request', error_description: 'form_content_type_required' }],
  [400, { error: 'invalid_request', error_description: 'Invalid registration token: The token must be a string' }],
  [400, { error: 'invalid_request', error_description: 'Missing client_assertion_type parameter' }],
  [500, { error: 'server_error', error_description: 'No public keys found' }],
  [429, { error: 'slow_down', error_description: 'client is too fast' }],
  [404, { error: 'not_found', error_description: 'no such client' }],
])('what is no refusal of the client (%i %j) keeps its own code (S2)', async (status, json) => {
  expect(await thrownFor({ status, json })).toMatchObject({ code: 'token_endpoint', status, error: json.error });
});

it('the server’s own fields stay, and the error as it came is the cause (S2)', async () => {
  const { server, auth, clock } = await world();
  const said = {
    error: 'invalid_client',
    error_description: 'Invalid JTI: used',
    error_uri: 'https://x.example.com/7',
  };
  server.alwaysToken({ status: 401, json: said, headers: { 'retry-after': '9' } });
  const thrown = await failureOf(authorize(auth));
  expect(thrown).toBeInstanceOf(TokenEndpointError);
  const fields = { status: 401, error: said.error, errorDescription: said.error_description, errorUri: said.error_uri };
  const kept = { ...fields, grantType: 'client_credentials', serverDate: new Date(clock.now()), retryAfterMs: 9_000 };
  expect(thrown).toMatchObject({ ...kept, code: 'assertion_replayed', transient: false, name: 'TokenEndpointError' });
  expect(thrown.cause).toMatchObject({ ...fields, code: 'token_endpoint' });
  expect(thrown.message).toContain(said.error_description);
});

it('advice about jku knows whether one was sent (S2)', async () => {
  const jku = 'https://keys.example.com/jwks.json';
  for (const options of [{ jku }, {}]) {
    const { server, auth } = await world({ options });
    server.alwaysToken({ status: 400, json: { error: 'invalid_grant', error_description: 'jku_not_whitelisted' } });
    const { message } = await failureOf(authorize(auth));
    expect(message.includes(jku)).toBe('jku' in options);
  }
});

it('a client id that bulk-data-server cannot read gets advice as well (S7)', async () => {
  const error_description = 'Invalid client details token: Invalid token structure. Must contain 3 parts.';
  const thrown = await thrownFor({ status: 400, json: { error: 'invalid_request', error_description } });
  expect(thrown).toMatchObject({ code: 'client_unknown', status: 400, error: 'invalid_request' });
  expect(thrown.message).toMatch(/^The server does not know the client "the-service": check clientId/);
});

it('a key set that the server could not read is told as that, with its URL, and no credential is blamed (S7)', async () => {
  const jku = 'https://keys.example.com/jwks.json';
  const { server, auth } = await world({ options: { jku } });
  const error_description = 'Requesting the remote JWKS returned an error.\nTypeError: fetch failed';
  server.alwaysToken({ status: 400, json: { error: 'invalid_client', error_description } });
  const { message, ...fields } = await failureOf(authorize(auth));
  expect(fields).toMatchObject({ kind: 'unavailable', transient: false });
  expect(message).toContain(`The server could not read your key set at its URL (${jku})`);
  for (const part of ['https with the whole certificate chain', 'without credentials', "server's network"])
    expect(message).toContain(part);
  expect(message).not.toMatch(/check the credentials|tried again/);
});

it('what to do stands before what the server said, and nothing general before it (S7)', async () => {
  const json = { error: 'invalid_client', error_description: 'No public keys found' };
  const { message } = await thrownFor({ status: 401, json });
  expect(message).toMatch(
    /^The server has no key with the kid "es-key": .+ answered 401 invalid_client: No public keys/,
  );
});

it('a client id of 600 characters is shortened, also where the server repeats it (S7)', async () => {
  const longId = 'the-service-of-the-ward.'.repeat(25);
  const { server, auth } = await world({ options: { clientId: longId } });
  for (const error_description of [`Unknown client '${longId}', sorry`, undefined]) {
    server.alwaysToken({ status: 401, json: { error: 'invalid_client', error_description } });
    const { message, errorDescription } = (await failureOf(authorize(auth))) as Failure & TokenEndpointError;
    expect(message).toContain(`(${longId.length} characters)`);
    expect(message).toContain(longId.slice(0, 20));
    expect(message).not.toContain(longId.slice(0, 100));
    expect(errorDescription).toBe(error_description?.slice(0, 300));
  }
});

it('a refused audience is told with what was sent, the issuer of the server, and the option (S7)', async () => {
  const issuer = 'https://issuer.example.com';
  const { server, auth, options } = await world({
    server: { document: (complete) => ({ ...complete, issuer }) },
  });
  const json = { error: 'invalid_client', error_description: 'Invalid audience' };
  for (const [source, sent] of [
    [auth, server.tokenUrl],
    [
      new SMARTBackendAuth({ ...options, audience: 'https://gateway.example.com/token' }),
      'https://gateway.example.com/token',
    ],
  ] as const) {
    server.nextToken({ status: 401, json });
    const thrown = await failureOf(authorize(source));
    expect(thrown.code).toBe('audience_refused');
    for (const part of [`\`aud\` was ${sent}`, `(${issuer})`, '`audience`']) expect(thrown.message).toContain(part);
  }
});
