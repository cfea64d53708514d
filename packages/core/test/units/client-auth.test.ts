// Do id and secret arrive as they are, whatever they are made of (RFC 6749 section 2.3.1)?
import fc from 'fast-check';
import { clientSecretBasic, clientSecretPost, ConfigurationError, publicClient } from '../../src/index.js';
import type { ClientAuth } from '../../src/index.js';

const url = 'https://login.example.org/token';

async function applied(clientAuth: ClientAuth): Promise<{ headers: Record<string, string>; body: URLSearchParams }> {
  const request = { url, headers: {}, body: new URLSearchParams({ grant_type: 'x' }) };
  await clientAuth(request);
  return request;
}

/** Anything but what ends a line, which no credential may hold. */
const credential = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text));

it('a server that decodes Basic gets id and secret back (C15)', async () => {
  await fc.assert(
    fc.asyncProperty(credential, credential, async (clientId, clientSecret) => {
      const { headers, body } = await applied(clientSecretBasic({ clientId, clientSecret }));
      const [scheme, word = ''] = String(headers['Authorization']).split(' ');
      const [id, secret, ...rest] = Buffer.from(word, 'base64').toString().split(':');
      const decoded = new URLSearchParams(`id=${id}&secret=${secret}`);
      expect([scheme, decoded.get('id'), decoded.get('secret'), rest]).toEqual(['Basic', clientId, clientSecret, []]);
      expect(body.toString()).toBe('grant_type=x');
    }),
  );
});

it('a server that reads the form gets id and secret back (C15)', async () => {
  await fc.assert(
    fc.asyncProperty(credential, credential, async (clientId, clientSecret) => {
      const { headers, body } = await applied(clientSecretPost({ clientId, clientSecret }));
      const form = Object.fromEntries(new URLSearchParams(body.toString()));
      expect(form).toEqual({ grant_type: 'x', client_id: clientId, client_secret: clientSecret });
      expect(headers).toEqual({});
    }),
  );
});

it('each function can be applied any number of times (C15)', async () => {
  const clientAuth = clientSecretBasic({ clientId: 'a', clientSecret: 'b' });
  expect(await applied(clientAuth)).toEqual(await applied(clientAuth));
});

it.each<[what: string, make: () => ClientAuth]>([
  ['clientSecretBasic without id', () => clientSecretBasic({ clientId: '', clientSecret: 'x' })],
  ['clientSecretBasic without secret', () => clientSecretBasic({ clientId: 'x', clientSecret: '' })],
  ['clientSecretPost without id', () => clientSecretPost({ clientId: '', clientSecret: 'x' })],
  ['clientSecretPost without secret', () => clientSecretPost({ clientId: 'x', clientSecret: undefined as never })],
  ['none without id', () => publicClient({ clientId: '' })],
])('%s is a ConfigurationError (C16)', (_, make) => {
  expect(make).toThrow(ConfigurationError);
});
