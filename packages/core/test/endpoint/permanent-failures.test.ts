// A certificate, a protocol, an agent or a platform does not get better by itself: is it told as such, and to whom?
import { once } from 'node:events';
import { Agent } from 'node:https';
import { createServer } from 'node:net';
import { certificateAuthority, ManualClock, serverCertificate } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource, ConfigurationError, publicClient } from '../../src/index.js';
import { sendForm } from '../../src/extend.js';
import { adapters, afterwards, failureOf, loopback } from './stage.js';
import type { Certificate } from '@axios-authorizer/test-kit';
import type { AuthenticationError, Transport } from '../../src/index.js';

const authority = certificateAuthority();
const chained = (certificate: Certificate): Certificate => ({
  ...certificate,
  cert: certificate.cert + authority.cert,
});

/** What comes of the first token, with the number of connections that were opened for it. */
async function outcome(
  url: string,
  transport: Transport,
): Promise<{ readonly failure: AuthenticationError; readonly tries: number }> {
  let tries = 0;
  const clock = new ManualClock();
  const source = clientCredentialsSource({
    tokenUrl: url,
    clientAuth: publicClient({ clientId: 'c' }),
    transport,
    clock,
  });
  const counted = {
    authorize: (request: Parameters<typeof source.authorize>[0]) => ((tries += 1), source.authorize(request)),
  };
  const failure = (await failureOf(new Authorizer(counted, { clock }).getToken())) as AuthenticationError;
  return { failure, tries };
}

async function tlsServer(tls: Certificate): Promise<string> {
  const server = await loopback((_, response) => void response.end('{"access_token":"a"}'), { tls });
  return `${server.origin}/token`;
}

/** A server that answers whatever is said to it with these bytes, and closes. */
async function rawServer(...answer: readonly number[]): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end(Buffer.from(answer)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => server.close());
  const address = server.address();
  return `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/token`;
}

describe.each(adapters)('over the %s adapter', (adapter) => {
  it.each<readonly [string, Certificate]>([
    ['that vouches for itself', serverCertificate()],
    ['of an unknown authority', serverCertificate({ authority })],
    ['of an unknown authority that it sends along', chained(serverCertificate({ authority }))],
  ])('a certificate %s is a ConfigurationError after one try, and says whom to trust (C5)', async (_what, tls) => {
    const url = await tlsServer(tls);
    const { failure, tries } = await outcome(url, { adapter });
    expect(failure).toMatchObject({ code: 'configuration', kind: 'configuration', transient: false });
    expect(failure.message).toMatch(new RegExp(`^${url} .*transport\\.httpsAgent.*NODE_EXTRA_CA_CERTS`));
    expect(failure.message).toMatch(/SELF_SIGNED|UNABLE_TO/);
    expect(tries).toBe(1);
  });

  it('https spoken to a server of plain http is a ConfigurationError after one try (C5)', async () => {
    const { origin } = await loopback((_, response) => void response.end());
    const { failure, tries } = await outcome(`${origin.replace('http:', 'https:')}/token`, { adapter });
    expect(failure).toMatchObject({ kind: 'configuration', transient: false });
    expect([failure.message, tries]).toEqual([expect.stringContaining('check scheme and port'), 1]);
  });

  it('a header that cannot be sent is a ConfigurationError that says so (C5)', async () => {
    const { origin } = await loopback((_, response) => void response.end());
    const { failure, tries } = await outcome(`${origin}/token`, { adapter, headers: { 'X-A b': '1' } });
    expect([failure.kind, tries]).toEqual(['configuration', 1]);
    expect(failure.message).toMatch(/could not be made: .*X-A b.*transport/);
  });
});

it.each<readonly [string, Certificate, string]>([
  ['has expired', serverCertificate({ fromDays: -2, untilDays: -1 }), 'CERT_HAS_EXPIRED'],
  ['is not in force yet', serverCertificate({ fromDays: 1, untilDays: 2 }), 'CERT_NOT_YET_VALID'],
  ['is for another name', serverCertificate({ hosts: ['other.example'] }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('a trusted certificate that %s is a ConfigurationError after one try (C5)', async (_what, tls, code) => {
  const { failure, tries } = await outcome(await tlsServer(tls), { httpsAgent: new Agent({ ca: tls.cert }) });
  expect(failure).toMatchObject({ kind: 'configuration', transient: false });
  expect(failure.message).toMatch(new RegExp(`\\(${code}\\).*transport\\.httpsAgent.*NODE_EXTRA_CA_CERTS`));
  expect(tries).toBe(1);
});

/** TLS alerts of RFC 8446 section 6.2, fatal. */
const alert = (description: number): readonly number[] => [0x15, 3, 3, 0, 2, 2, description];

it.each([
  ['bad_certificate', 42],
  ['certificate_expired', 45],
  ['certificate_unknown', 46],
  ['unknown_ca', 48],
])('a server that refuses the certificate of this client with %s is told as that, once (C5)', async (_name, code) => {
  const { failure, tries } = await outcome(await rawServer(...alert(code)), {});
  expect(failure).toMatchObject({ kind: 'configuration', transient: false });
  expect([failure.message, tries]).toEqual([expect.stringContaining('certificate of this client'), 1]);
});

it('a server that speaks no version of TLS in common is a ConfigurationError (C5)', async () => {
  const { failure, tries } = await outcome(await rawServer(...alert(70)), {});
  expect([failure.kind, tries]).toEqual(['configuration', 1]);
});

it.each([
  ['handshake_failure', alert(40)],
  ['internal_error', alert(80)],
  ['a closed connection', []],
])('other trouble of TLS passes: %s (C5)', async (_name, bytes) => {
  const url = await rawServer(...bytes);
  expect(await failureOf(sendForm({ url }))).toMatchObject({ code: 'network', transient: true });
});

it.each<readonly [string, Transport]>([
  ['an adapter that this platform lacks', { adapter: 'xhr' }],
  ['an adapter that nobody has', { adapter: 'nope' as never }],
  ['an agent that is none', { httpsAgent: 'agent', httpAgent: 5 }],
  ['a CA that is no certificate', { httpsAgent: new Agent({ ca: 'x', cert: 'y', key: 'z' }) }],
  ['a proxy at an impossible port', { proxy: { protocol: 'http', host: '127.0.0.1', port: 99_999 } }],
  ['a fetch option that fetch does not know', { adapter: 'fetch', fetchOptions: { mode: 'bogus' } }],
  ['a port that fetch blocks', { adapter: 'fetch' }],
  ['an adapter with a mistake in it', { adapter: () => Promise.reject(new TypeError('x is not a function')) }],
])('%s is a ConfigurationError after one try (C5)', async (_what, transport) => {
  const { failure, tries } = await outcome('https://127.0.0.1:6000/token', transport);
  expect(failure).toMatchObject({ kind: 'configuration', transient: false });
  expect(failure.message).toContain('https://127.0.0.1:6000/token could not be made: ');
  expect(tries).toBe(1);
});

it('the password of a proxy is in no error, also when the URL of the proxy is none (C5, C11)', async () => {
  const proxy = { protocol: 'http', host: 'a b', port: 1, auth: { username: 'me', password: 'proxy-secret' } };
  const failure = await failureOf(sendForm({ url: 'https://idp.example.org/', transport: { proxy } }));
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(JSON.stringify(Object.getOwnPropertyDescriptors((failure as Error).cause))).not.toMatch(/a b|proxy-secret/);
});
