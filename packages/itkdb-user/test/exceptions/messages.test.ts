// What an exception says: what was asked, the status, and what the server complains about; never its trace.
import { leaks, renderings } from '@axios-authorizer/test-kit';
import { isResponseException } from '../../src/index.js';
import { describeErrors, errorMapOf, warningsIn } from '../../src/session/error-map.js';
import { exceptionFor } from '../../src/session/status-exceptions.js';
import { answer, envelope } from './answer.js';

const invalid = 'cern-itkpd-main/getComponent/invalidDtoIn';

it('an exception names method, path, status, key, message and the keys complained about (I4)', () => {
  const paramMap = {
    missingKeyMap: { '$.component': { 'isRequired.e001': 'The value is required but missing.' } },
    invalidValueKeyMap: { '$.stage': {} },
    unsupportedKeyList: ['$.foo', '$.bar'],
  };
  const exception = exceptionFor(answer(400, envelope(invalid, { paramMap })));
  expect(exception.message).toBe(
    `GET getComponent was answered with 400: ${invalid}: Told. ($.component, $.stage, $.foo, $.bar)`,
  );
  expect(exception.code).toBe(invalid);
  expect(exception.errorMap[invalid]).toEqual({ type: 'error', message: 'Told.', paramMap });
});

it('several entries are all told, and the first is the code (I4)', () => {
  const data = { uuAppErrorMap: { 'a/b/first': { message: 'One.' }, 'a/b/second': { message: 'Two.' } } };
  const exception = exceptionFor(answer(500, data));
  expect(exception.code).toBe('a/b/first');
  expect(exception.message).toBe('GET getComponent was answered with 500: a/b/first: One.; a/b/second: Two.');
});

it.each([401, 403])('of %i it says what the original says: the message of userIsNotAuthorized (I4)', (status) => {
  const key = 'uu-app-workspace/authorization/userIsNotAuthorized';
  const exception = exceptionFor(answer(status, envelope(key, { message: 'User is not authorized.' })));
  expect(exception.message).toBe(`GET getComponent was answered with ${status}: User is not authorized.`);
  expect(exception).toMatchObject({ name: 'Forbidden', code: key });
});

it.each([
  ['a page', '<html><body>Bad Gateway</body></html>'],
  ['nothing', ''],
  ['undefined', undefined],
  ['JSON of another kind', { message: 'x' }],
])('of %s it says the status alone (I4)', (_what, data) => {
  expect(exceptionFor(answer(502, data)).message).toBe('GET getComponent was answered with 502');
});

it('an envelope in bytes or text is read as well, for answers that were asked for as such (I4)', () => {
  const text = JSON.stringify(envelope(invalid));
  for (const data of [text, Buffer.from(text), new TextEncoder().encode(text).buffer])
    expect(exceptionFor(answer(400, data)).code).toBe(invalid);
});

it('a query is not shown, nor a fragment (C11)', () => {
  expect(exceptionFor(answer(404, '', 'x?token=secret#part')).message).toBe('GET x was answered with 404');
});

it('a message without end is cut (I4)', () => {
  const exception = exceptionFor(answer(400, envelope(invalid, { message: 'x'.repeat(100_000) })));
  expect(exception.message.length).toBeLessThanOrEqual(1_000);
});

it('the trace is nowhere but in the answer itself (I4)', () => {
  const exception = exceptionFor(answer(400, envelope(invalid)));
  expect(leaks(exception, ['at Server.rb:5'])).toEqual([]);
  expect(JSON.stringify(exception.errorMap)).not.toContain('Server.rb');
  expect(JSON.stringify(exception.response.data)).toContain('Server.rb');
});

it('answer and config are at hand, and not printed (I4, C11)', () => {
  const response = answer(400, { ...envelope(invalid), secret: 'what-came-back' });
  const exception = exceptionFor(response);
  expect(exception).toHaveProperty('response', response);
  expect(exception).toHaveProperty('config', response.config);
  expect(exception).toHaveProperty('isAxiosError', true);
  expect(Object.keys(exception).toSorted()).toEqual(['code', 'errorMap', 'status']);
  expect(leaks(exception, ['what-came-back', 'what-was-sent'])).toEqual([]);
  expect(renderings(exception).length).toBeGreaterThan(5);
});

it('an answer without a config, which another adapter may make, is told as well (I4)', () => {
  const bare = { ...answer(404, ''), config: undefined };
  expect(exceptionFor(bare as unknown as Parameters<typeof exceptionFor>[0]).message).toBe(
    'The request was answered with 404',
  );
});

it('what caused it is kept (I4)', () => {
  const cause = new Error('below');
  expect(exceptionFor(answer(500, ''), { cause }).cause).toBe(cause);
  expect('cause' in exceptionFor(answer(500, ''))).toBe(false);
});

it.each<[what: string, value: unknown, is: boolean]>([
  ['one of ours', exceptionFor(answer(400, '')), true],
  ['one of another copy of the module', Object.assign(new Error('x'), { errorMap: {}, status: 400 }), true],
  ['an error of another kind', Object.assign(new Error('x'), { status: 400 }), false],
  ['nothing', null, false],
  ['undefined', undefined, false],
  ['a text', 'errorMap', false],
])('isResponseException knows %s (I4)', (_what, value, is) => {
  expect(isResponseException(value)).toBe(is);
});

const rude = `no\r\nentry\u001b[2J\u009b31m\u2028\u202eback${'x'.repeat(5_000)}`;

it.each<[what: string, map: object]>([
  ['in a message', { [invalid]: { message: rude } }],
  ['in a key', { [rude]: { message: 'x' } }],
  ['in the name of a parameter', { [invalid]: { message: 'x', paramMap: { missingKeyMap: { [rude]: {} } } } }],
  ['in a refusal', { 'uu-app-workspace/authorization/userIsNotAuthorized': { message: rude } }],
  ['in many', Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${index}`, { message: rude }]))],
])('what a server says %s stands on one line, is short, and commands no terminal (C11, I4)', (_what, map) => {
  const exception = exceptionFor(answer(400, { uuAppErrorMap: map }));
  expect(exception.message).toContain('no entry [2J 31m back');
  expect(exception.message).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  expect(exception.message.length).toBeLessThanOrEqual(1_000);
  const [first = '', ...others] = warningsIn({ uuAppErrorMap: map });
  expect([first, ...others].join('')).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  expect(describeErrors(errorMapOf({ uuAppErrorMap: map })).length).toBeLessThan(3_200);
});
