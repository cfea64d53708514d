// Printed in every way in which a program, a logger or a crash reporter would: does anything show a secret?
import { leaks } from '@axios-authorizer/test-kit';
import {
  KeyRing,
  privateKeyJwt,
  smartBackendHandlerFromAuth,
  smartBackendInterceptors,
  smartBackendService,
} from '../../src/index.js';
import {
  authorize,
  clientId,
  esKey,
  failureOf,
  formOf,
  keyPair,
  registration,
  tokenRequests,
  world,
} from '../stage.js';
import type { SmartFault, SmartServer, TokenAnswer } from '@axios-authorizer/test-kit';
import type { SmartBackendKeys } from '../../src/index.js';

const rsKey = keyPair('RS384', 'rs-key');

/** The private members of a key, which are base64url. */
function privateParts({ privateJwk }: SmartBackendKeys): readonly string[] {
  return ['d', 'p', 'q', 'dp', 'dq', 'qi'].map((name) => privateJwk[name]).filter((part) => typeof part === 'string');
}

/** Everything secret that went over the wire to and from this server, and what signs. */
function secretsAt(server: SmartServer): readonly string[] {
  const assertions = tokenRequests(server).map((request) => formOf(request).get('client_assertion') ?? '');
  const signatures = assertions.map((assertion) => assertion.split('.')[2] ?? '');
  const sent = [...assertions, ...signatures].filter((secret) => secret !== '');
  return [...sent, ...server.issued, ...privateParts(esKey), ...privateParts(rsKey)];
}

it('the probe sees what is there: a key shows its private half to who asks for it by name (S4)', () => {
  expect(leaks(rsKey.privateJwk, privateParts(rsKey))).not.toEqual([]);
});

it('source, client, keys, ring and what surrounds them show none, before and after a token (S2, S4)', async () => {
  const keys = new KeyRing(esKey, rsKey);
  const clients = [registration(esKey, rsKey)];
  const { server, client, auth, options } = await world({ server: { clients }, options: { keys } });
  const handler = smartBackendHandlerFromAuth(auth, { clock: options.clock });
  const parts: unknown[] = [auth, client, client.defaults, client.authorizer, keys, esKey, rsKey, handler];
  parts.push(smartBackendService(options), smartBackendInterceptors(options), privateKeyJwt({ clientId, keys }));
  expect(parts.flatMap((part) => leaks(part, secretsAt(server)))).toEqual([]);
  await client.get('/Patient/1');
  await authorize(auth);
  await handler.authenticate();
  expect(secretsAt(server).length).toBeGreaterThan(9);
  expect(parts.flatMap((part) => leaks(part, secretsAt(server)))).toEqual([]);
});

it('what the observer is told shows none (S2)', async () => {
  const { server, client, events } = await world();
  await client.get('/Patient/1');
  server.revokeAll();
  await client.get('/Patient/1');
  expect(events.length).toBeGreaterThan(5);
  expect(leaks(events, secretsAt(server))).toEqual([]);
});

const faults: readonly SmartFault[] = [
  'token_expired_registration_token',
  'invalid_jti',
  'token_invalid_scope',
  'auth_operation_outcome',
  'auth_text',
  'rate_limited',
];

it.each(faults)('the error of %s shows none (S2)', async (fault) => {
  const { server, auth } = await world();
  server.fault = fault;
  const error = await failureOf(authorize(auth));
  expect(server.assertions).toHaveLength(1);
  expect(leaks(error, secretsAt(server))).toEqual([]);
});

it.each<[what: string, answer: TokenAnswer]>([
  ['a cut connection', { reset: true }],
  ['a lost answer', { lost: true }],
  ['an answer that is no grant', { json: { token_type: 'mac', access_token: 'the-token-that-cannot-be-used' } }],
  ['a page', { text: '<html>' }],
  ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example.com' } }],
])('the error of %s shows none (S2)', async (_, answer) => {
  const { server, auth } = await world();
  server.alwaysToken(answer);
  const error = await failureOf(authorize(auth));
  expect(leaks(error, [...secretsAt(server), 'the-token-that-cannot-be-used'])).toEqual([]);
});

/** Says back whatever it was sent. */
const echo: TokenAnswer = (form, { body }) => {
  const assertion = form.get('client_assertion') ?? '';
  return {
    status: 401,
    json: {
      error: 'invalid_client',
      error_description: `${assertion} ${body.toString()}`,
      error_uri: `https://ehr.example.com/errors?assertion=${assertion}`,
    },
  };
};

it.each(['http', 'fetch'])('an endpoint that says back what it was sent shows none, over %s (S2)', async (adapter) => {
  const { server, auth } = await world({ options: { transport: { adapter } } });
  server.alwaysToken(echo);
  const error = await failureOf(authorize(auth));
  expect(error).toMatchObject({ status: 401, error: 'invalid_client' });
  expect(error.message).toContain('[redacted]');
  expect(leaks(error, secretsAt(server))).toEqual([]);
});

it('a request that fails for want of a token shows none to its caller (S2)', async () => {
  const { server, client } = await world();
  server.alwaysToken(echo);
  const first = await failureOf(client.get('/Patient/1'));
  const next = await failureOf(client.get('/Patient/1'));
  expect(next).toMatchObject({ code: 'cooling_down' });
  expect([first, next].flatMap((error) => leaks(error, secretsAt(server)))).toEqual([]);
});

it('a 401 of the API that is handed on shows none (S2)', async () => {
  const { server, client } = await world();
  server.fault = 'request_invalid_token';
  const error = await failureOf(client.get('/Patient/1'));
  expect(error.response?.status).toBe(401);
  expect(leaks(error, secretsAt(server))).toEqual([]);
});

it('a document that cannot be used is not printed (S1)', async () => {
  const secret = 'a-secret-of-the-document';
  const { auth } = await world({ server: { document: () => ({ token_endpoint: 7, secret }) } });
  expect(leaks(await failureOf(authorize(auth)), [secret])).toEqual([]);
});
