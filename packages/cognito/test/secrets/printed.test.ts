// Printed in every way in which a program, a logger or a crash reporter would: does anything show a secret?
import { cognitoError, leaks, until } from '@axios-authorizer/test-kit';
import { another, failureOf, front } from '../stage.js';
import { cognitoInterceptors, cognitoService, SRPSource } from '../../src/index.js';
import { apiKey, known, password, secretsOf, secretWorld, wrongCode } from './stage.js';
import type { Answer, CognitoPoolUser } from '@axios-authorizer/test-kit';

const bySms = { mfa: 'SMS_MFA' } as const;

it('the probe sees what is there: a token shows its secrets to who prints it (C11)', async () => {
  const { authorizer } = await secretWorld({});
  const token = await authorizer.getToken();
  const secrets = [token.accessToken, String(token.refreshToken), String(token.device?.password)];
  expect(leaks({ ...token }, secrets)).not.toEqual([]);
  expect(leaks(token.device, [String(token.device?.password)])).not.toEqual([]);
});

it('authorizer, source, client and service show none, before and after a sign-in, a refresh and a logout (C11)', async () => {
  const here = await secretWorld({});
  const { client } = await front(here, { api: { apiKey } });
  const source = new SRPSource(here.clientInfo, here.options);
  const given = { ...here.options, clientInfo: here.clientInfo, allow: 'https://api.example.org' };
  const parts: unknown[] = [here.authorizer, source, client, client.defaults, client.authorizer];
  parts.push(cognitoInterceptors(given), cognitoService(given));
  expect(parts.flatMap((part) => leaks(part, known))).toEqual([]);
  await source.authorize({ signal: new AbortController().signal });
  await here.authorizer.getToken();
  await client.get('/things');
  await here.authorizer.getToken({ force: true });
  const secrets = secretsOf(here);
  expect(secrets.length).toBeGreaterThan(20);
  expect(parts.flatMap((part) => leaks(part, secrets))).toEqual([]);
  await here.authorizer.logout();
  expect(parts.flatMap((part) => leaks(part, secrets))).toEqual([]);
});

it('a source that has an answer in hand does not show it (C11)', async () => {
  const here = await secretWorld(bySms);
  const { challenge } = await failureOf(here.authorizer.getToken());
  const source = new SRPSource(here.clientInfo, here.options);
  source.answer(challenge, wrongCode);
  expect(leaks(source, [...secretsOf(here), challenge.session])).toEqual([]);
});

it('what the observer is told shows none (C11)', async () => {
  const here = await secretWorld(bySms, { onChallenge: () => here.pool.code('alice') });
  await here.authorizer.getToken();
  await here.authorizer.getToken({ force: true });
  here.pool.revokeAll();
  here.pool.next('ConfirmDevice', cognitoError('InvalidParameterException', 'Invalid'));
  await here.authorizer.getToken({ force: true });
  await here.authorizer.logout();
  expect(here.events.length).toBeGreaterThan(5);
  expect(leaks(here.events, secretsOf(here))).toEqual([]);
});

it('a challenge that nobody answers shows neither its session nor the secret for an app (C11)', async () => {
  const here = await secretWorld({ mfaSetup: true });
  const errors = await Promise.all([1, 2, 3].map(() => failureOf(here.authorizer.getToken())));
  errors.push(await failureOf(here.authorizer.getToken()));
  const { session, parameters } = errors[0]?.challenge ?? {};
  const secrets = [...secretsOf(here), String(session), String(parameters?.['SECRET_CODE'])];
  expect(leaks(errors[0]?.challenge, [String(session)])).not.toEqual([]);
  expect(errors.flatMap((error) => leaks(error, secrets))).toEqual([]);
});

const answers: readonly (readonly [what: string, user: Partial<CognitoPoolUser>, answer: Answer])[] = [
  ['a throttled proof', {}, cognitoError('TooManyRequestsException', 'Rate exceeded')],
  ['a wrong password', {}, cognitoError('NotAuthorizedException', 'Incorrect username or password.')],
  ['a lockout', {}, cognitoError('NotAuthorizedException', 'Password attempts exceeded')],
  ['an unconfirmed user', { confirmed: false }, {}],
  ['a password to be reset', { mustResetPassword: true }, {}],
  ['a broken pool', {}, cognitoError('InternalErrorException', 'Something went wrong', 500)],
  ['an unknown exception', {}, cognitoError('BrandNewException', 'Something new')],
  ['an unknown operation', {}, cognitoError('UnknownOperationException', 'There is no such operation')],
  ['a wrong code', bySms, {}],
  ['a cut connection', {}, { reset: true }],
  ['a page', {}, { text: '<html>' }],
  ['nothing', {}, { text: '' }],
  ['tokens that are none', {}, { json: { AuthenticationResult: { RefreshToken: 'a-token-of-no-use' } } }],
  ['an endless answer', {}, { trickle: 5_000_000 }],
  ['a redirect', {}, { status: 302, headers: { location: 'https://elsewhere.example.com' } }],
];

it.each(answers)('the errors of %s show none, to each caller (C11)', async (what, user, answer) => {
  const typed = ['constructor', wrongCode, wrongCode, wrongCode, wrongCode];
  const here = await secretWorld(user, { maxRetries: 0, onChallenge: () => typed.pop() ?? undefined });
  here.pool.next('RespondToAuthChallenge', answer);
  const errors = await Promise.all([1, 2].map(() => failureOf(here.authorizer.getToken())));
  errors.push(await failureOf(here.authorizer.getToken()));
  const secrets = [...secretsOf(here), 'a-token-of-no-use'];
  expect(errors[0]).toHaveProperty('kind');
  expect(errors.flatMap((error) => leaks({ what, error }, secrets))).toEqual([]);
  expect(errors.flatMap((error) => leaks(error, secrets))).toEqual([]);
});

it('a sign-in that ran into its limit shows none (C11)', async () => {
  const here = await secretWorld({});
  here.pool.next('RespondToAuthChallenge', { hang: true });
  const failing = failureOf(here.authorizer.getToken());
  await until(() => here.pool.count('RespondToAuthChallenge') === 1, 'the proof');
  await here.clock.advance(30_000);
  expect(leaks(await failing, secretsOf(here))).toEqual([]);
});

it('a configuration that cannot work is refused without showing it (C11)', async () => {
  const { clientInfo, options } = await secretWorld({});
  const attempts = [{ userPoolId: 'none', endpoint: undefined }, { username: undefined }, { username: '' }];
  const errors = attempts.map((changes) => {
    try {
      return another({ clientInfo, options }, changes);
    } catch (error) {
      return error;
    }
  });
  expect(errors.every((error) => error instanceof Error)).toBe(true);
  expect(errors.flatMap((error) => leaks(error, known))).toEqual([]);
});

it.each([401, 403, 404, 500])('an AxiosError of the client with status %i shows none (C11)', async (status) => {
  const here = await secretWorld({});
  const { api, client } = await front(here, { api: { apiKey } });
  api.next({ status }, { status });
  const error = await failureOf(client.get('/things', { headers: { 'X-Mine': 'kept' } }));
  expect(error).toMatchObject({ name: 'AxiosError', response: { status } });
  const held = [client.authorizer.accessToken, client.authorizer.token?.refreshToken].map(String);
  expect(leaks(error, [...secretsOf(here), ...held])).toEqual([]);
  expect(api.requests[0]?.headers['x-api-key']).toBe(apiKey);
});

it('an AxiosError without an answer, and an answer without an error, show none (C11)', async () => {
  const here = await secretWorld({});
  const { api, client } = await front(here, { api: { apiKey } });
  api.next({ reset: true });
  const error = await failureOf(client.get('/things'));
  const response = await client.get('/things');
  const secrets = [...secretsOf(here), String(client.authorizer.accessToken)];
  expect([error, response].flatMap((part) => leaks(part, secrets))).toEqual([]);
});

it('a request that fails for want of a token shows none to its caller (C11)', async () => {
  const here = await secretWorld({}, { password: `${password}x` });
  const { client } = await front(here, { api: { apiKey } });
  const errors = [await failureOf(client.get('/things')), await failureOf(client.get('/things'))];
  expect(errors.map(({ code }) => code)).toEqual(['wrong_credentials', 'cooling_down']);
  expect(errors.flatMap((error) => leaks(error, secretsOf(here)))).toEqual([]);
});
