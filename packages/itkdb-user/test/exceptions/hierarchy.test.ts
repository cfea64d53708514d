// The exceptions have the original's names, descend from each other as there, and stand for the same statuses.
import {
  exceptions,
  SUCCESS_STATUSES,
  STATUS_EXCEPTIONS,
  ITkDBException,
  ResponseException,
  Session,
} from '../../src/index.js';
import { exceptionFor } from '../../src/session/status-exceptions.js';
import { answer } from './answer.js';

const ofResponses = [
  'BadJSON',
  'BadRequest',
  'Conflict',
  'Forbidden',
  'NotFound',
  'Redirect',
  'ServerError',
  'SpecialError',
  'TooLarge',
  'UnavailableForLegalReasons',
  'UnhandledResponse',
] as const;

const { BadJSON, BadRequest, Conflict, Forbidden, NotFound, Redirect } = exceptions;
const { ServerError, SpecialError, TooLarge, UnavailableForLegalReasons, UnhandledResponse } = exceptions;
const classes = {
  BadJSON,
  BadRequest,
  Conflict,
  Forbidden,
  NotFound,
  Redirect,
  ServerError,
  SpecialError,
  TooLarge,
  UnavailableForLegalReasons,
  UnhandledResponse,
};

it('the names are those of the original, and no others (I4)', () => {
  const exported = Object.entries(exceptions).filter(([name]) => /^[A-Z]/.test(name));
  const expected = [
    ...ofResponses,
    'DuplicateObjectsInDB',
    'DuplicateTestRuns',
    'ITkDBException',
    'InvalidInvocation',
    'ResponseException',
  ];
  expect(exported.map(([name]) => name).toSorted()).toEqual(expected.toSorted());
});

it.each(ofResponses)('%s can be made of an answer, and is a ResponseException of that name (I4)', (name) => {
  const response = answer(418, {});
  const Exception = classes[name];
  const exception = new Exception(response);
  expect([exception.name, Object.prototype.toString.call(exception)]).toEqual([name, '[object Error]']);
  expect([ResponseException, ITkDBException, Error].every((type) => exception instanceof type)).toBe(true);
  expect(exception.response).toBe(response);
  expect(exception.stack).toContain(`${name}: `);
});

it('what has no answer descends as in the original (I4)', () => {
  const { DuplicateTestRuns, DuplicateObjectsInDB, InvalidInvocation } = exceptions;
  const runs = new DuplicateTestRuns('twice');
  expect([runs.name, runs.message]).toEqual(['DuplicateTestRuns', 'twice']);
  expect(runs).toBeInstanceOf(DuplicateObjectsInDB);
  expect(new DuplicateObjectsInDB()).toBeInstanceOf(ITkDBException);
  expect(new InvalidInvocation('no')).toMatchObject({ name: 'InvalidInvocation', message: 'no' });
  expect(new InvalidInvocation()).toBeInstanceOf(ITkDBException);
  expect(runs).not.toBeInstanceOf(ResponseException);
});

it('each status has the exception of the original (I4)', () => {
  const table = Object.entries(STATUS_EXCEPTIONS).map(([status, { name }]) => [Number(status), name]);
  expect(Object.fromEntries(table)).toEqual({
    302: 'Redirect',
    400: 'BadRequest',
    401: 'Forbidden',
    403: 'Forbidden',
    404: 'NotFound',
    409: 'Conflict',
    413: 'TooLarge',
    415: 'SpecialError',
    451: 'UnavailableForLegalReasons',
    500: 'ServerError',
    502: 'ServerError',
    503: 'ServerError',
    504: 'ServerError',
  });
  expect(Session.STATUS_EXCEPTIONS).toBe(STATUS_EXCEPTIONS);
});

it('the successes are declared as in the original (I4)', () => {
  expect([...SUCCESS_STATUSES]).toEqual([200, 201]);
  expect(Session.SUCCESS_STATUSES).toBe(SUCCESS_STATUSES);
});

it.each([302, 400, 401, 403, 404, 409, 413, 415, 418, 451, 422, 500, 501, 502, 503, 504, 505, 599])(
  'for %i an exception can be made, of its class, Redirect and SpecialError among them (I4, I5)',
  (status) => {
    const Expected = STATUS_EXCEPTIONS[status] ?? exceptions.UnhandledResponse;
    const exception = exceptionFor(answer(status, 'text'));
    expect(Object.getPrototypeOf(exception)).toBe(Expected.prototype);
    expect([exception.status, exception.code, exception.errorMap]).toEqual([status, undefined, {}]);
  },
);
