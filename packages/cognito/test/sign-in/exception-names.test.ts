// The name of an exception stands in a header or in the body, with or without what surrounds it. What does it lead to?
import { asked, failureOf, world } from '../stage.js';

const message = 'Incorrect username or password.';

it.each<[what: string, headers: Readonly<Record<string, string>>, body: object]>([
  ['in the header', { 'x-amzn-errortype': 'NotAuthorizedException' }, { message }],
  ['in the header, before a colon', { 'x-amzn-errortype': 'NotAuthorizedException:' }, { message }],
  [
    'in the header, before a colon and a URL',
    { 'x-amzn-errortype': 'NotAuthorizedException:http://internal.amazon.com/coral/com.amazonaws.cognito/' },
    { message },
  ],
  ['in the header, after "#"', { 'x-amzn-errortype': 'com.amazonaws.cognito#NotAuthorizedException' }, { message }],
  ['in the body', {}, { __type: 'NotAuthorizedException', message }],
  ['in the body, after "#"', {}, { __type: 'com.amazonaws.cognito#NotAuthorizedException', message }],
  ['in the body, before a colon', {}, { __type: 'NotAuthorizedException:', message }],
  ['in the body, before a comma', {}, { __type: 'NotAuthorizedException,x', message }],
  ['in the body, with "Message"', {}, { __type: 'NotAuthorizedException', Message: message }],
  ['in both, where the header counts', { 'x-amzn-errortype': 'NotAuthorizedException:' }, { __type: 'Other', message }],
])('%s (G4)', async (_, headers, json) => {
  const { pool, authorizer } = await world();
  pool.next('RespondToAuthChallenge', { status: 400, headers, json });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({ code: 'wrong_credentials', exception: 'NotAuthorizedException', status: 400 });
  expect(error.message).toContain(message);
});

it.each([200, 400, 401, 403, 500, 503])('whatever the status: %i (G4)', async (status) => {
  const { pool, authorizer } = await world();
  const [json, headers] = [{ message }, { 'x-amzn-errortype': 'NotAuthorizedException:' }];
  pool.next('RespondToAuthChallenge', status === 200 ? { status, text: message, headers } : { status, json, headers });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'wrong_credentials', kind: 'credentials' });
  expect(asked(pool)).toHaveLength(2);
});

it('an exception that nobody has heard of is a mistake of the program, and not repeated (G4)', async () => {
  const { pool, authorizer } = await world();
  pool.next('InitiateAuth', { status: 400, json: { __type: 'BrandNewException', message: 'Something new' } });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({ code: 'cognito', kind: 'configuration', exception: 'BrandNewException' });
  expect(error.message).toContain('Something new');
  expect(asked(pool)).toHaveLength(1);
});

it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'an exception that is called %s is one that nobody has heard of (G4)',
  async (__type) => {
    const { pool, authorizer } = await world();
    pool.next('InitiateAuth', { status: 400, json: { ['__type']: __type, message: 'Something new' } });
    expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cognito', exception: __type });
  },
);

it('a message without end, with line breaks, is cut and put on one line (G4)', async () => {
  const { pool, authorizer } = await world();
  const endless = `first line\r\nsecond\u0000line ${'x'.repeat(10_000)}`;
  pool.next('InitiateAuth', { status: 400, json: { __type: 'BrandNewException', message: endless } });
  const error = await failureOf(authorizer.getToken());
  expect(error.message).toContain('first line second line');
  expect(error.message.length).toBeLessThan(600);
});

it.each(['UserLambdaValidationException', 'InvalidLambdaResponseException', 'InvalidParameterException'])(
  '%s is not repeated, and its words are kept (G4)',
  async (__type) => {
    const { pool, authorizer } = await world();
    pool.next('InitiateAuth', { status: 400, json: { ['__type']: __type, message: 'PreAuthentication said no' } });
    const error = await failureOf(authorizer.getToken());
    expect(error).toMatchObject({ exception: __type, transient: false });
    expect(error.message).toContain('PreAuthentication said no');
    expect(asked(pool)).toHaveLength(1);
  },
);

it('a name and words that nobody expects stand on one line, are short, and command no terminal (C11, G4)', async () => {
  const { pool, authorizer } = await world();
  const said = `no\r\nentry\u001b[2J\u009b31m\u2028\u202eback${'x'.repeat(5_000)}`;
  pool.next('InitiateAuth', { status: 400, json: { __type: said, message: said } });
  const error = await failureOf(authorizer.getToken());
  expect(error.message).toContain('was answered with no entry [2J 31m back');
  expect(error.message).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  expect(error.message.length).toBeLessThan(800);
});
