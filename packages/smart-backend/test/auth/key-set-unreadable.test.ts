// A server that cannot read the key set of its client says so in words about certificates and fetch, and a user looks for the
// mistake in the key. Here a server in the words of bulk-data-server 2.1 and smart-launcher-v2 meets real URLs.
import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serverCertificate, startLoopback } from '@axios-authorizer/test-kit';
import type { LoopbackHandler } from '@axios-authorizer/test-kit';
import { jwksHandler } from '../../src/index.js';
import { afterwards, authorize, clientId, esKey, failureOf, notices, world } from '../stage.js';
import type { Failure } from '../stage.js';

const dialects = ['bulk-data-server', 'smart-launcher', undefined] as const;

/** The URL of a key set behind a certificate that nobody signed. */
async function untrustedUrl(): Promise<string> {
  const handler = jwksHandler(esKey);
  const { cert, key } = serverCertificate();
  const server = createServer({ cert, key }, (request, response) => void handler(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  afterwards(() => server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
}

async function urlThat(handler: LoopbackHandler): Promise<string> {
  const server = await startLoopback(handler);
  afterwards(() => server.stop());
  return `${server.origin}/jwks.json`;
}

const places: readonly (readonly [what: string, url: () => Promise<string>])[] = [
  ['has an untrusted certificate', untrustedUrl],
  ['answers 404', () => urlThat((_, response) => void response.writeHead(404).end())],
  ['answers with a login page', () => urlThat((_, response) => void response.end('<!doctype html>'))],
  ['is not there', () => Promise.resolve('http://127.0.0.1:9/jwks.json')],
];

async function refusedBy(words: (typeof dialects)[number], jwksUrl: string): Promise<Failure> {
  const server = { words, clients: [{ clientId, jwksUrl }] };
  const { auth } = await world({ server: words === undefined ? { clients: server.clients } : { ...server, words } });
  return failureOf(authorize(auth));
}

describe.each(dialects)('in the words of %s', (words) => {
  it.each(places)('a key set whose URL %s is told as one that the server could not read (S7)', async (_, url) => {
    const failure = await refusedBy(words, await url());
    expect(failure).toMatchObject({ code: 'key_set_unreadable', kind: 'unavailable', transient: false });
    expect(failure.message).toMatch(/^The server could not read your key set at its URL: /);
  });

  it('a mistyped client id is told as one that the server does not know (S7)', async () => {
    const server = words === undefined ? { clients: [] } : { words, clients: [] };
    const { auth } = await world({ server });
    const failure = await failureOf(authorize(auth));
    expect(failure.code).toBe('client_unknown');
    expect(failure.message).toMatch(/^The server does not know the client "the-service": /);
  });
});

it('a server that wants its issuer gets it as the audience, from a client without a notice (S7)', async () => {
  const audience = 'https://issuer.example.com/realms/fhir';
  const stage = await world({ server: { audience }, options: { audience } });
  expect((await stage.client.get('/Patient/1')).status).toBe(200);
  expect(stage.server.assertions.map(({ claims }) => claims['aud'])).toEqual([audience]);
  expect(notices(stage)).toEqual([]);
});

it.each(['', ' ', 'https://a.example.com https://b.example.com'])(
  'the audience %p is refused (S7)',
  async (audience) => {
    await expect(world({ options: { audience } })).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining('`audience`') as unknown,
    });
  },
);
