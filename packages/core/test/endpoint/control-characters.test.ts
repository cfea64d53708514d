// Is a credential that was read with its line end sent to a server (RFC 6749 appendix A)?
import {
  authorizationCodeSource,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretPost,
  introspectToken,
  publicClient,
  passwordSource,
  refreshTokenSource,
  revokeToken,
} from '../../src/index.js';
import { requestToken } from '../../src/extend.js';
import { failureOf, grant, tokenEndpoint, tokenRequest } from './stage.js';
import type { AuthEvent, ClientAuth, OAuth2SourceOptions, TokenSource } from '../../src/index.js';

const redirectUri = 'https://app.example.org/back';

const bad: readonly (readonly [what: string, text: string])[] = [
  ['a line feed at its end', 'hunter22\n'],
  ['a carriage return and line feed at its end', 'hunter22\r\n'],
  ['a line feed at its beginning', '\nhunter22'],
  ['a tab', 'hunter\t22'],
  ['a null', 'hunter\u000022'],
  ['a delete', 'hunter22\u007f'],
  ['a next line', 'hunter22\u0085'],
  ['a line separator', 'hunter22\u2028'],
];

it.each(bad)('an id or a secret with %s is a ConfigurationError when the authentication is made (C16)', (_, text) => {
  const makers: readonly (readonly [name: string, make: () => ClientAuth])[] = [
    ['clientId', () => clientSecretBasic({ clientId: text, clientSecret: 'x' })],
    ['clientSecret', () => clientSecretBasic({ clientId: 'me', clientSecret: text })],
    ['clientId', () => clientSecretPost({ clientId: text, clientSecret: 'x' })],
    ['clientSecret', () => clientSecretPost({ clientId: 'me', clientSecret: text })],
    ['clientId', () => publicClient({ clientId: text })],
  ];
  for (const [name, make] of makers) {
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError' }) as Error);
    expect(make).toThrow(new RegExp(`${name}.*trim it where it is read`));
    expect(make).not.toThrow(/hunter/);
  }
});

type Make = (options: OAuth2SourceOptions, text: string) => TokenSource;
const sources: readonly (readonly [name: string, make: Make])[] = [
  ['refresh_token', (options, refreshToken) => refreshTokenSource({ ...options, refreshToken })],
  ['code', (options, code) => authorizationCodeSource({ ...options, grant: { code, redirectUri } })],
  [
    'code_verifier',
    (options, codeVerifier) => authorizationCodeSource({ ...options, grant: { code: 'c', redirectUri, codeVerifier } }),
  ],
  ['scope', (options, scope) => clientCredentialsSource({ ...options, scope })],
  ['subject_token', (options, text) => clientCredentialsSource({ ...options, parameters: { subject_token: text } })],
];
const sourceRows = sources.flatMap(([name, make]) => bad.map(([what, text]) => [name, what, text, make] as const));

it.each(sourceRows)(
  '%s with %s is a ConfigurationError that names it, and nothing is sent (C16)',
  async (name, _, text, make) => {
    const endpoint = await tokenEndpoint();
    const source = make({ tokenUrl: endpoint.url, clientAuth: publicClient({ clientId: 'me' }) }, text);
    const error = await failureOf(source.authorize(tokenRequest()));
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    expect(String(error)).toMatch(new RegExp(`\\b${name}\\b.*trim it where it is read`));
    expect(String(error)).not.toContain('hunter');
    expect(endpoint.requests).toEqual([]);
  },
);

it.each(bad)(
  'a token to introspect or revoke, or the own one beside it, with %s is refused likewise (C16)',
  async (_, text) => {
    const endpoint = await tokenEndpoint();
    const at = (path: string): string => `${endpoint.origin}/${path}`;
    const asked = [
      introspectToken({ url: at('introspect'), token: text }),
      introspectToken({ url: at('introspect'), token: 'good', bearer: text }),
      revokeToken({ url: at('revoke'), token: text }),
    ];
    for (const question of asked) expect(await failureOf(question)).toMatchObject({ name: 'ConfigurationError' });
    expect(endpoint.requests).toEqual([]);
  },
);

it.each(['\r\n', '\n', '\u0000', '\u007f', '\u0007'])(
  'a user or a password with %j in it is refused, given or asked for (C16)',
  async (end) => {
    const endpoint = await tokenEndpoint();
    const options = { tokenUrl: endpoint.url, clientAuth: publicClient({ clientId: 'me' }) };
    const pairs = [
      { username: `u${end}`, password: 'p' },
      { username: 'u', password: `p${end}` },
      { username: 'u', password: () => Promise.resolve(`p${end}`) },
    ];
    for (const user of pairs)
      expect(await failureOf(passwordSource({ ...options, ...user }).authorize(tokenRequest()))).toMatchObject({
        name: 'ConfigurationError',
      });
    expect(endpoint.requests).toEqual([]);
  },
);

it('a user and a password may hold a tab, blanks and anything beyond ASCII, without a word (C16, RFC 6749 A.15)', async () => {
  const endpoint = await tokenEndpoint();
  const user = { username: 'Zoë 王', password: ' pass\twörd\u2028😀 ' };
  const events: AuthEvent[] = [];
  const source = passwordSource({ tokenUrl: endpoint.url, clientAuth: publicClient({ clientId: 'me' }), ...user });
  await new Authorizer(source, { observer: (event) => events.push(event) }).getToken();
  expect(Object.fromEntries(endpoint.bodies[0] ?? [])).toMatchObject(user);
  expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
});

it('a Basic header or a form that was made by hand is looked at as well (C16)', async () => {
  const endpoint = await tokenEndpoint();
  const byHand: readonly ClientAuth[] = [
    ({ headers }) => void (headers['authorization'] = `basic ${Buffer.from('me:hunter22\n').toString('base64')}`),
    ({ headers }) => void (headers['Authorization'] = 'Bearer hunter22\r\n'),
    ({ body }) => body.set('client_secret', 'hunter22\n'),
    ({ body }) => body.set('client_assertion', 'a.b.hunter22\n'),
  ];
  for (const clientAuth of byHand) {
    const error = await failureOf(requestToken({ url: endpoint.url, body: grant(), clientAuth }));
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    expect(String(error)).not.toContain('hunter');
  }
  expect(endpoint.requests).toEqual([]);
});

it('a parameter that may hold anything, such as a JSON text, goes out as it is (C16)', async () => {
  const endpoint = await tokenEndpoint();
  const parameters = { authorization_details: '[\n\t{"type":"é"}\n]' };
  const source = clientCredentialsSource({
    tokenUrl: endpoint.url,
    clientAuth: publicClient({ clientId: 'me' }),
    parameters,
  });
  await source.authorize(tokenRequest());
  expect(endpoint.bodies[0]?.get('authorization_details')).toBe(parameters.authorization_details);
});

const secrets = { clientId: 'mé', clientSecret: 'sécret' };
it.each<[what: string, clientAuth: ClientAuth]>([
  ['clientSecretBasic', clientSecretBasic(secrets)],
  ['clientSecretPost', clientSecretPost(secrets)],
  ['none', publicClient({ clientId: 'mé' })],
])(
  'what is beyond %%x20-7E is sent by %s, and the observer gets one notice for the source (C16)',
  async (_, clientAuth) => {
    const endpoint = await tokenEndpoint();
    const events: AuthEvent[] = [];
    const source = clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth });
    const authorizer = new Authorizer(source, { observer: (event) => events.push(event) });
    for (let time = 0; time < 3; time += 1) await authorizer.getToken({ force: true });
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(endpoint.calls).toBe(3);
    expect(new Set(notices).size).toBe(notices.length);
    expect(notices.join()).toMatch(/client.*beyond ASCII/);
    expect(notices.join()).not.toMatch(/é/);
  },
);

it.each<[what: string, clientAuth: ClientAuth]>([
  ['clientSecretBasic', clientSecretBasic({ clientId: 'a b:c%', clientSecret: '~!"% +=' })],
  ['clientSecretPost', clientSecretPost({ clientId: 'a b:c%', clientSecret: '~!"% +=' })],
])('what is within %%x20-7E is no news, of %s (C16)', async (_, clientAuth) => {
  const endpoint = await tokenEndpoint();
  const notices: string[] = [];
  const source = clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth, scope: 'a b' });
  await source.authorize({ ...tokenRequest(), notice: (message) => notices.push(message) });
  await requestToken({ url: endpoint.url, body: grant(), clientAuth, notice: (message) => notices.push(message) });
  expect(notices).toEqual([]);
});

it('a secret is never in the message, whatever is wrong with it (C11, C16)', () => {
  expect(() => clientSecretPost({ clientId: 'me', clientSecret: 'hunter\u000b22' })).toThrow(/U\+000B/);
});
