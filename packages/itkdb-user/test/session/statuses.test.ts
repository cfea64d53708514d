// What an error answer becomes: the original's exceptions, with what the database said and without what was sent.
import { itkdbTrace, leaks, renderings } from '@axios-authorizer/test-kit';
import { exceptions, isResponseException, Session, STATUS_EXCEPTIONS, SUCCESS_STATUSES } from '../../src/index.js';
import { codes, failureOf, world } from '../stage.js';

const statuses: readonly (readonly [status: number, name: string])[] = [
  [400, 'BadRequest'],
  [401, 'Forbidden'],
  [403, 'Forbidden'],
  [404, 'NotFound'],
  [405, 'UnhandledResponse'],
  [409, 'Conflict'],
  [413, 'TooLarge'],
  [415, 'SpecialError'],
  [418, 'UnhandledResponse'],
  [429, 'UnhandledResponse'],
  [451, 'UnavailableForLegalReasons'],
  [500, 'ServerError'],
  [501, 'UnhandledResponse'],
  [502, 'ServerError'],
  [503, 'ServerError'],
  [504, 'ServerError'],
];

it.each(statuses)('%i is %s, with answer, code and map (I4)', async (status, name) => {
  const { session } = await world();
  const error = await failureOf(session.get(`status/${status}`));
  expect(error).toBeInstanceOf(new Map(Object.entries(exceptions)).get(name));
  expect(error).toBeInstanceOf(exceptions.ITkDBException);
  expect([error.name, error.status, error.response.status]).toEqual([name, status, status]);
  const [code] = Object.keys(error.errorMap);
  expect(error.code).toBe(code);
  expect(code !== undefined).toBe(status <= 500);
  expect(isResponseException(error)).toBe(true);
});

it.each(statuses)('%i of a POST prints neither bearer, codes, body nor trace (I4)', async (status) => {
  const { session, user } = await world();
  const error = await failureOf(session.post(`status/${status}?secret=in-the-query`, { my: 'secret-body' }));
  const secrets = [user.bearer, codes.accessCode1, codes.accessCode2, 'secret-body', 'in-the-query', itkdbTrace];
  expect(leaks(error, secrets)).toEqual([]);
  expect(renderings(error).join('\n')).toContain(String(status));
});

it.each([200, 201, 202, 203, 204, 206])('%i is an answer (I4)', async (status) => {
  const { session } = await world();
  expect((await session.get(`status/${status}`)).status).toBe(status);
});

it('the tables of the original are on the class (I4)', () => {
  expect(Session.STATUS_EXCEPTIONS).toBe(STATUS_EXCEPTIONS);
  expect(Session.SUCCESS_STATUSES).toBe(SUCCESS_STATUSES);
  expect([...SUCCESS_STATUSES]).toEqual([200, 201]);
});

it('a caller who accepts all statuses gets answers, and no exceptions (I4)', async () => {
  const { session } = await world({ config: { validateStatus: () => true } });
  expect((await session.get('status/409')).status).toBe(409);
  expect((await session.get('status/404', { validateStatus: null })).status).toBe(404);
});

it('the message says what was asked, and which members of the input are wrong (I4)', async () => {
  const { session } = await world();
  const error = await failureOf(session.get('getComponent', { data: {} }));
  expect(error.message).toContain('GET getComponent was answered with 400');
  expect(error.message).toContain('$.component');
  expect(error.code).toBe('cern-itkpd-main/getComponent/invalidDtoIn');
});

it('axios recognises the exceptions as errors of its own (I4)', async () => {
  const { session } = await world();
  const error = await failureOf(session.get('status/404'));
  expect(error).toHaveProperty('isAxiosError', true);
  expect(error).toHaveProperty('config.url', 'status/404');
});

it('an answer asked for as bytes or as a stream becomes an exception as well (I4)', async () => {
  const { session } = await world();
  const bytes = await failureOf(session.get('status/404', { responseType: 'arraybuffer' }));
  expect(bytes).toMatchObject({ name: 'NotFound', code: 'cern-itkpd-main/status/refused' });
  const streamed = await failureOf(session.get('status/404', { responseType: 'stream' }));
  expect(streamed).toMatchObject({ name: 'NotFound', code: 'cern-itkpd-main/status/refused' });
});

it('a page of HTML is a ServerError without a map, and the page is not in its message (I4)', async () => {
  const { session, itkdb } = await world();
  const page = '<html><title>Bad Gateway</title></html>';
  itkdb.nextApi({ status: 502, headers: { 'content-type': 'text/html' }, text: page });
  const error = await failureOf(session.get('listComponents'));
  expect(error).toMatchObject({ name: 'ServerError', status: 502, code: undefined, errorMap: {} });
  expect(error.message).not.toContain('<');
  expect(error.response.data).toBe(page);
});
