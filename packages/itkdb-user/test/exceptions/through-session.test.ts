// The exceptions as they come out of a session, from answers of a real server.
import { isAxiosError } from 'axios';
import { BadRequest, Forbidden, NotFound, Redirect, SpecialError } from '../../src/session/exceptions.js';
import { exceptions, isResponseException, STATUS_EXCEPTIONS } from '../../src/index.js';
import { failureOf, world } from '../stage.js';

it.each([400, 404, 409, 413, 415, 418, 422, 451, 500, 501, 502, 503, 504])(
  'an answer of %i is thrown as its exception, after one request (I4)',
  async (status) => {
    const { session, itkdb } = await world();
    const error = await failureOf(session.get(`status/${status}`));
    expect(error).toBeInstanceOf(STATUS_EXCEPTIONS[status] ?? exceptions.UnhandledResponse);
    expect([error.status, error.response.status, isResponseException(error)]).toEqual([status, status, true]);
    expect([itkdb.api.requests.length, itkdb.logins]).toEqual([1, 1]);
  },
);

it('a 418, for which there is none, is an UnhandledResponse (I4)', async () => {
  const { session } = await world();
  expect(await failureOf(session.get('status/418'))).toMatchObject({ name: 'UnhandledResponse', status: 418 });
});

it.each([200, 201, 202, 204])('%i is a success, as in the original (I4)', async (status) => {
  const { session } = await world();
  expect((await session.get(`status/${status}`)).status).toBe(status);
});

it('a redirect that is not followed is a Redirect, where the original crashes (I4, I5)', async () => {
  const { session } = await world({ config: { maxRedirects: 0 } });
  const error = await failureOf(session.get('status/302'));
  expect(error).toBeInstanceOf(Redirect);
  expect(error.response.headers['location']).toMatch(/\/elsewhere$/);
});

it('a body of a type that the server does not take is a SpecialError, where the original crashes (I4, I5)', async () => {
  const { session } = await world();
  const error = await failureOf(session.post('createThing', 'text', { headers: { 'content-type': 'text/plain' } }));
  expect(error).toBeInstanceOf(SpecialError);
});

it('a missing key is a BadRequest that names it (I4)', async () => {
  const { session } = await world();
  const error = await failureOf(session.get('getComponent', { data: {} }));
  expect(error).toBeInstanceOf(BadRequest);
  expect(error.message).toContain('GET getComponent was answered with 400: cern-itkpd-main/getComponent/invalidDtoIn');
  expect(error.message).toContain('($.component)');
});

it('an unknown command is NotFound, with its key (I4)', async () => {
  const { session } = await world();
  const error = await failureOf(session.get('nonsense'));
  expect(error).toBeInstanceOf(NotFound);
  expect(error.code).toBe('cern-itkpd-main/nonsense/useCaseDoesNotExist');
});

it('a 401 that a new login does not end is Forbidden, as in the original (I4)', async () => {
  const { session, itkdb } = await world();
  const refusal = { status: 401, json: { uuAppErrorMap: { 'uu-oidc/invalidToken': { message: 'Ended.' } } } };
  itkdb.nextApi(refusal, refusal);
  expect(await failureOf(session.get('listInstitutions'))).toBeInstanceOf(Forbidden);
  expect([itkdb.api.requests.length, itkdb.logins]).toEqual([2, 2]);
});

it('a 403 is Forbidden, and nobody logs in anew (I4)', async () => {
  const { session, itkdb } = await world();
  expect(await failureOf(session.get('forbidden'))).toBeInstanceOf(Forbidden);
  expect([itkdb.api.requests.length, itkdb.logins]).toEqual([1, 1]);
});

it('a login that fails comes out as it is, not as an exception of the database (I4)', async () => {
  const { session, itkdb } = await world({ user: { accessCode1: 'foo' } });
  const error = await failureOf(session.get('listInstitutions'));
  expect(error).toMatchObject({ name: 'LoginError', code: 'wrong_access_codes' });
  expect(itkdb.api.requests).toEqual([]);
});

it('a connection that is cut is axios’s own error (I4)', async () => {
  const { session, itkdb } = await world();
  itkdb.nextApi({ reset: true }, { reset: true });
  const error = await failureOf(session.get('listInstitutions'));
  expect([isAxiosError(error), isResponseException(error), error.code]).toEqual([true, false, 'ECONNRESET']);
});
