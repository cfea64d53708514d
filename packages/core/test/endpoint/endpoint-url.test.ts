// Which URLs may never be sent a secret?
import { requestToken } from '../../src/extend.js';
import { failureOf, grant, tokenEndpoint } from './stage.js';

it.each<[what: string, url: (origin: string) => string]>([
  ['a fragment', (origin) => `${origin}/token#part`],
  ['a user', (origin) => `${origin.replace('//', '//somebody@')}/token`],
  ['a password', (origin) => `${origin.replace('//', '//:word@')}/token`],
  ['plain http beyond this machine', () => 'http://login.example.org/token'],
  ['plain http to a host that only begins like this machine', () => 'http://127.0.0.1.example.org/token'],
  ['plain http to a host that only begins with localhost', () => 'http://localhost.example.org/token'],
  ['another protocol', () => 'ftp://127.0.0.1/token'],
  ['no host', () => 'https://'],
  ['a relative URL', () => '/token'],
  ['junk', () => 'not a url'],
  ['nothing', () => ''],
])(
  'a URL with %s is a ConfigurationError before the client authenticates or anything is sent (C15)',
  async (_, url) => {
    const endpoint = await tokenEndpoint();
    let authenticated = 0;
    const clientAuth = (): void => void (authenticated += 1);
    const error = await failureOf(requestToken({ url: url(endpoint.origin), body: grant(), clientAuth }));
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'configuration', kind: 'configuration' });
    expect([authenticated, endpoint.requests.length]).toEqual([0, 0]);
  },
);

it('a form without grant_type is a ConfigurationError, and nothing is sent (C15)', async () => {
  const endpoint = await tokenEndpoint();
  const error = await failureOf(requestToken({ url: endpoint.url, body: new URLSearchParams() }));
  expect(error).toMatchObject({ name: 'ConfigurationError' });
  expect(endpoint.requests).toEqual([]);
});

it('the message about a URL with a user does not show the password (C15)', async () => {
  const error = await failureOf(requestToken({ url: 'https://me:hunter22@login.example.org/token', body: grant() }));
  expect(String(error)).not.toContain('hunter22');
});
