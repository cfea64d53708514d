// What does a person read of what an authorizer does? One line an event, in words, without a secret.
import { Authorizer, ConfigurationError, logObserver } from '../../src/index.js';
import type { AuthEvent } from '../../src/index.js';
import { rejection, stage } from './world.js';

const { world } = stage();

function lineOf(event: object): string {
  const lines: string[] = [];
  logObserver((line) => lines.push(line))({ at: 0, ...event } as AuthEvent);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

it.each<[object, string]>([
  [{ type: 'acquiring', id: 1, reason: 'missing' }, '#1 asking for a token, since none is held'],
  [
    { type: 'acquiring', id: 2, reason: 'stale' },
    '#2 asking for a token, since the held one expires soon; it stays in use meanwhile',
  ],
  [{ type: 'acquiring', id: 3, reason: 'unauthorized' }, '#3 asking for a token, since the held one was rejected'],
  [{ type: 'acquiring', id: 3, reason: 'of_tomorrow' }, '#3 asking for a token, since of_tomorrow'],
  [
    { type: 'acquired', id: 1, reason: 'missing', durationMs: 84.4, adopted: false },
    '#1 got a token in 84 ms, good until it is rejected',
  ],
  [
    { type: 'acquired', id: 1, reason: 'missing', durationMs: 2, adopted: true, expiresAt: new Date(0), scope: 'a b' },
    '#1 took the token that another had stored in 2 ms, good until 1970-01-01T00:00:00.000Z, scope "a b"',
  ],
  [
    { type: 'failed', id: 1, reason: 'missing', durationMs: 30, code: 'network', kind: 'unavailable' },
    '#1 no token after 30 ms: network; try again later',
  ],
  [
    { type: 'failed', id: 1, reason: 'missing', durationMs: 30, code: 'token_endpoint', kind: 'credentials' },
    '#1 no token after 30 ms: token_endpoint; check the credentials',
  ],
  [{ type: 'waited', id: 1, durationMs: 30 }, '#1 a caller waited 30 ms'],
  [
    { type: 'unauthorized', url: 'https://api.example/x', status: 401 },
    'https://api.example/x rejected the token (401)',
  ],
  [
    { type: 'resent', url: 'https://api.example/x', status: 200, rejected: false, durationMs: 5 },
    'https://api.example/x was asked again with a new token: 200 after 5 ms',
  ],
  [
    { type: 'resent', url: 'https://api.example/x', status: 401, rejected: true, durationMs: 5 },
    'https://api.example/x was asked again with a new token: rejected again (401) after 5 ms',
  ],
  [
    { type: 'resent', url: 'https://api.example/x', rejected: false, durationMs: 5 },
    'https://api.example/x was asked again with a new token: no answer after 5 ms',
  ],
  [
    { type: 'skipped', url: 'https://api.example/x', reason: 'not_allowed' },
    'https://api.example/x got no token: the URL is not in `allow`',
  ],
  [{ type: 'skipped', url: '', reason: 'not_allowed' }, 'a request got no token: the URL is not in `allow`'],
  [
    { type: 'skipped', url: 'https://api.example/x', reason: 'own_authorization' },
    'https://api.example/x got no token: the request has an Authorization header of its own',
  ],
  [{ type: 'skipped', url: 'https://a.example/', reason: 'except' }, 'https://a.example/ got no token: except'],
  [{ type: 'store', action: 'load', durationMs: 3 }, 'the store answered (load) after 3 ms'],
  [{ type: 'store', action: 'save', durationMs: 3, failure: 'EACCES' }, 'the store failed (save) after 3 ms: EACCES'],
  [{ type: 'notice', message: 'two\nlines\r\n\u2028and \u001b[31mcolour' }, 'two lines and [31mcolour'],
  [{ type: 'of_tomorrow' }, 'of_tomorrow'],
])('%j is one line of plain words (C11)', (event, line) => {
  expect(lineOf(event)).toBe(`auth: ${line}`);
});

it('the lines say why a request got no token, and hold neither tokens nor query strings (C9, C10, C11)', async () => {
  const lines: string[] = [];
  const { client, idp, api } = await world({
    auth: { observer: logObserver((line) => lines.push(line)) },
    config: { validateStatus: () => true },
  });
  await client.get('/items?code=query-secret');
  idp.revokeAll();
  await client.get('/items?code=query-secret');
  await client.get('/public', { authorizer: false });
  await client.get('/own', { headers: { Authorization: 'Bearer own-secret' } });
  idp.always({ status: 400, json: { error: 'invalid_client' } });
  idp.revokeAll();
  await rejection(client.get('/items'));
  const { origin } = api;
  expect(lines.map((line) => line.replace(/\d+ ms/, 'n ms').replace(/\d{4}-[\d-]+T[\d:.]+Z/, 'then'))).toEqual([
    'auth: #1 asking for a token, since none is held',
    'auth: #1 got a token in n ms, good until then',
    'auth: #1 a caller waited n ms',
    `auth: ${origin}/items rejected the token (401)`,
    'auth: #2 asking for a token, since the held one was rejected',
    'auth: #2 got a token in n ms, good until then',
    'auth: #2 a caller waited n ms',
    `auth: ${origin}/items was asked again with a new token: 200 after n ms`,
    `auth: ${origin}/public got no token: \`authorizer: false\``,
    `auth: ${origin}/own got no token: the request has an Authorization header of its own`,
    expect.stringContaining('own Authorization header') as string,
    `auth: ${origin}/items rejected the token (401)`,
    'auth: #3 asking for a token, since the held one was rejected',
    'auth: #3 no token after n ms: token_endpoint; check the credentials',
    'auth: #3 a caller waited n ms',
  ]);
  expect(lines.join('\n')).not.toMatch(/secret|token-\d/);
});

it('a print that throws harms no request (C13)', async () => {
  const observer = logObserver(() => {
    throw new Error('the disk is full');
  });
  expect(await new Authorizer(async () => 'token', { observer }).getToken()).toMatchObject({ accessToken: 'token' });
});

it.each([undefined, null, console])('logObserver(%s) is a ConfigurationError that says what to give', (print) => {
  expect(() => logObserver(print as unknown as () => void)).toThrow(ConfigurationError);
  expect(() => logObserver(print as unknown as () => void)).toThrow('logObserver(console.log)');
});
