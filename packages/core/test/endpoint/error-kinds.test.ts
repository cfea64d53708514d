// Which failure asks for a person, for a login, for patience, for a change of the program?
import { ManualClock } from '@axios-authorizer/test-kit';
import { requestToken } from '../../src/extend.js';
import { failureOf, grant, tokenEndpoint } from './stage.js';
import type { Answer } from '@axios-authorizer/test-kit';

const startAt = Date.UTC(2026, 0, 1);

async function failureAfter(answer: Answer, body = grant()): Promise<unknown> {
  const clock = new ManualClock(startAt);
  const endpoint = await tokenEndpoint({ clock });
  endpoint.next(answer);
  return failureOf(requestToken({ url: endpoint.url, body, clock }));
}

const refresh = grant('refresh_token', { refresh_token: 'the-refresh-token' });

it.each<[status: number, error: string | undefined, body: URLSearchParams, kind: string]>([
  [400, 'invalid_grant', refresh, 'session'],
  [401, 'invalid_grant', refresh, 'session'],
  [400, 'invalid_grant', grant('password'), 'credentials'],
  [400, 'invalid_client', grant(), 'credentials'],
  [401, 'invalid_client', refresh, 'credentials'],
  [400, 'unauthorized_client', grant(), 'credentials'],
  [403, 'access_denied', grant(), 'credentials'],
  [401, undefined, grant(), 'credentials'],
  [403, undefined, grant(), 'credentials'],
  [400, 'invalid_request', grant(), 'configuration'],
  [400, 'invalid_scope', grant(), 'configuration'],
  [400, 'unsupported_grant_type', grant(), 'configuration'],
  [404, undefined, grant(), 'configuration'],
  [405, undefined, grant(), 'configuration'],
  [400, 'a_word_of_their_own', grant(), 'configuration'],
])('%i %s for %s is final and of kind %s (C15)', async (status, error, body, kind) => {
  const failure = await failureAfter({ status, json: { error } }, body);
  expect(failure).toMatchObject({ name: 'TokenEndpointError', code: 'token_endpoint', status, kind, transient: false });
});

it.each<[status: number, error: string | undefined]>([
  [408, undefined],
  [425, undefined],
  [429, undefined],
  [500, undefined],
  [502, undefined],
  [503, 'temporarily_unavailable'],
  [599, undefined],
  [400, 'temporarily_unavailable'],
  [400, 'server_error'],
  [400, 'slow_down'],
  [503, 'invalid_grant'],
])('%i %s passes by itself (C15)', async (status, error) => {
  const failure = await failureAfter({ status, json: { error } }, refresh);
  expect(failure).toMatchObject({ code: 'token_endpoint', status, kind: 'unavailable', transient: true });
});

it('the fields of RFC 6749 are there under their own names, on one line and not endless (C15)', async () => {
  const json = { error: 'invalid_scope', error_description: `two\r\nlines ${'x'.repeat(5_000)}`, error_uri: 'u:1' };
  const failure = await failureAfter({ status: 400, json });
  expect(failure).toMatchObject({ error: 'invalid_scope', errorUri: 'u:1', serverDate: new Date(startAt) });
  expect(failure).toMatchObject({ errorDescription: expect.stringMatching(/^two lines x{100,300}$/) as string });
});

it.each([5, null, {}, [], true, ''])('an error of %j is not shown as one (C15)', async (error) => {
  const failure = await failureAfter({ status: 400, json: { error, error_description: error } });
  expect(Object.keys(failure as object)).not.toContain('error');
  expect(Object.keys(failure as object)).not.toContain('errorDescription');
});

it.each<[header: string, ms: number]>([
  ['7', 7_000],
  ['0', 0],
  [new Date(startAt + 90_000).toUTCString(), 90_000],
  ['999999999', 3_600_000],
])('Retry-After %s asks to wait %i ms (C5)', async (header, ms) => {
  const failure = await failureAfter({ status: 503, json: {}, headers: { 'retry-after': header } });
  expect(failure).toMatchObject({ retryAfterMs: ms });
});

it.each(['soon', '-5', '1.5 s', '', new Date(startAt - 1_000).toUTCString()])(
  'a Retry-After of "%s" counts for nothing (C5)',
  async (header) => {
    const failure = await failureAfter({ status: 503, json: {}, headers: { 'retry-after': header } });
    expect(Object.hasOwn(failure as object, 'retryAfterMs')).toBe(false);
  },
);
