// Servers, proxies and their pages write what they were sent in many ways: is a secret taken out of each?
import { redact } from '../../src/internal/redact.js';
import { clientSecretBasic, clientSecretPost } from '../../src/index.js';
import { requestToken, redact as withoutSecrets } from '../../src/extend.js';
import { adapters, failureOf, grant, tokenEndpoint } from '../endpoint/stage.js';
import { printed } from './printers.js';
import { accessToken, clientSecret, idToken, password, refreshToken } from './secrets.js';

const lower = (text: string): string => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
const form = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2);
const everyByte = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');
const html = (text: string): string =>
  text.replaceAll(
    /[&<>"'/=+]/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? `&#x${hex(c)};`,
  );
const decimal = (text: string): string =>
  Array.from(text, (c) => `&#${String(c.codePointAt(0)).padStart(4, '0')};`).join('');
const json = (text: string): string => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/');
const unicode = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${hexOfUnit(unit)}`)
    .join('');
const lines = (text: string): string => text.replaceAll(/.{9}/gs, (part) => `${part}\r\n  `);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A character beyond U+FFFF is two units. */
function hexOfUnit(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0');
}

function hex(c: string): string {
  return (c.codePointAt(0) ?? 0).toString(16);
}

const writings: readonly (readonly [what: string, write: (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded in lower case', (text) => lower(encodeURIComponent(text))],
  ['percent-encoded twice', (text) => encodeURIComponent(lower(encodeURIComponent(text)))],
  ['percent-encoded byte by byte', everyByte],
  ['form-encoded', form],
  ['form-encoded in lower case', (text) => lower(form(text))],
  ['with a plus for each blank', (text) => text.replaceAll(' ', '+')],
  ['HTML-escaped', html],
  ['HTML-escaped by numbers', decimal],
  ['JSON-escaped', json],
  ['JSON-escaped by code points', unicode],
  ['JSON within JSON', (text) => json(json(text))],
  ['form-encoded in HTML', (text) => html(form(text))],
  ['split by line ends', lines],
  ['split by escaped line ends', (text) => json(lines(text))],
  ['in base64', base64],
  ['in base64url', (text) => Buffer.from(text).toString('base64url')],
  ['in base64 with another before', (text) => base64(`id:${text}`)],
  ['in base64 within an object', (text) => base64(JSON.stringify({ a: 1, secret: text, z: 1 }))],
];
const secrets = [clientSecret, accessToken, refreshToken, password, 'geheim-ä€𝒳-5f7a', 'plain0secret'];

it.each(writings)('a secret %s is taken out, and what stands around it stays (C11, C15)', (_, write) => {
  for (const secret of secrets) {
    const text = redact(`before ${write(secret)} after`, secrets);
    expect(text).toMatch(/^before .*\[redacted\].* after$/s);
    expect(text.replaceAll('[redacted]', '')).not.toContain(write(secret).slice(2, 12));
    expect(printed(text, secrets)).toEqual([]);
  }
});

it.each<[what: string, cut: (text: string) => string]>([
  ['its first 20 characters', (text) => text.slice(0, 20)],
  ['its last 20 characters', (text) => text.slice(-20)],
  ['20 from its middle', (text) => text.slice(30, 50)],
  ['all but its last', (text) => text.slice(0, -1)],
])('a long secret of which a server shows %s is taken out (C11, C15)', (_, cut) => {
  const secret = Array.from({ length: 12 }, (__, index) => `k${index * 7919}-`).join('');
  expect(redact(`token ${cut(secret)}... is bad`, [secret])).toBe('token [redacted]... is bad');
  expect(redact(`token ${lower(encodeURIComponent(cut(secret)))}`, [secret])).toBe('token [redacted]');
});

it('what looks like a JWT is taken out, known or not, cut or not (C11)', () => {
  const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlMTIz';
  expect(redact(`no ${jwt}, no`, [])).toBe('no [redacted], no');
  expect(redact(`no ${jwt.slice(0, 30)}… no`, [])).toBe('no [redacted]… no');
});

it.each<[secret: string, text: string, clean: string]>([
  ['abc', 'abc abc', 'abc abc'],
  ['1234', 'code 1234 is wrong, 12345 and x1234 are others', 'code [redacted] is wrong, 12345 and x1234 are others'],
  ['test', 'the latest test_user: "test"', 'the latest test_user: "[redacted]"'],
  ['secret', 'mysecret1', 'my[redacted]1'],
  ['', 'text', 'text'],
])('the short secret "%s" does not blot out every text (C11)', (secret, text, clean) => {
  expect(redact(text, [secret])).toBe(clean);
});

it.each([
  'a longer text that holds nothing of it',
  '100 % sure & <safe> \\ "quoted" +1',
  '%zz %',
  '&#; &bogus; \\u12',
  '',
])('what is no secret stays as it was written: %j (C15)', (text) => {
  expect(redact(text, secrets)).toBe(text);
  expect(withoutSecrets(text, [])).toBe(text);
});

it('a large text with large secrets is done at once, whatever it is made of (C11)', () => {
  const many = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(2_000));
  for (const text of ['%2'.repeat(500_000), '0'.repeat(1_000_000), '\\u0030'.repeat(150_000)])
    expect(redact(text, many).length).toBeLessThanOrEqual(text.length);
});

describe.each(adapters)('over the %s adapter', (adapter) => {
  const sent = { refresh_token: refreshToken, password };

  it.each(writings)('an endpoint that echoes %s gives nothing away (C11, C15)', async (_, write) => {
    const endpoint = await tokenEndpoint();
    const echo = [clientSecret, refreshToken, password].map(write).join(' | ');
    endpoint.always({ status: 400, json: { error: echo, error_description: echo, error_uri: echo } });
    for (const clientAuth of [clientSecretBasic, clientSecretPost].map((make) =>
      make({ clientId: 'me', clientSecret }),
    )) {
      const asked = requestToken({
        url: endpoint.url,
        body: grant('refresh_token', sent),
        clientAuth,
        transport: { adapter },
      });
      const error = await failureOf(asked);
      expect(error).toMatchObject({ status: 400 });
      expect(printed(error)).toEqual([]);
      expect(String(Reflect.get(error as object, 'errorDescription'))).not.toContain(write(refreshToken).slice(0, 12));
    }
  });

  it.each<[what: string, answer: object]>([
    ['in token_type', { access_token: accessToken, token_type: accessToken }],
    [
      'of its refresh token in token_type',
      { access_token: 'x', refresh_token: refreshToken, token_type: `X ${refreshToken}` },
    ],
    ['beside an error', { access_token: accessToken, error: accessToken, error_description: accessToken }],
    [
      'of its id token beside an error',
      { access_token: 'x', id_token: idToken, error: 'e', error_description: idToken },
    ],
    ['within an object', { data: { accessToken }, error: 'e', error_description: `new: ${accessToken}` }],
  ])('an answer that repeats its own token %s does not show it (C15)', async (_, issued) => {
    const endpoint = await tokenEndpoint();
    endpoint.always({ json: issued });
    const error = await failureOf(requestToken({ url: endpoint.url, body: grant(), transport: { adapter } }));
    expect(error).toMatchObject({ name: 'TokenEndpointError', status: 200 });
    expect(printed(error)).toEqual([]);
  });

  it('a form in place of JSON does not show its token either (C15)', async () => {
    const endpoint = await tokenEndpoint();
    endpoint.always({ status: 400, text: `access_token=${accessToken}` });
    const error = await failureOf(requestToken({ url: endpoint.url, body: grant(), transport: { adapter } }));
    expect(printed(error)).toEqual([]);
  });
});

it('a registered error code stays itself, though a user has that name (C5, C15)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.always({ status: 401, json: { error: 'invalid_client', error_description: 'for invalid' } });
  const body = grant('password', { username: 'client', password: 'invalid_client' });
  const error = await failureOf(requestToken({ url: endpoint.url, body }));
  expect(error).toMatchObject({ error: 'invalid_client', kind: 'credentials' });
});
