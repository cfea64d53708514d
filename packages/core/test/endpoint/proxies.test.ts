// Something stands between the program and the endpoint. When that fails, who is blamed?
import { connect } from 'node:net';
import { Agent } from 'node:https';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { serverCertificate } from '@axios-authorizer/test-kit';
import { sendForm } from '../../src/extend.js';
import { afterwards, failureOf, loopback } from './stage.js';
import type { Duplex } from 'node:stream';
import type { Transport } from '../../src/index.js';

const idp = 'https://idp.example.org/token';
const login = { username: 'me', password: 'proxy-secret' };

/** Host and port that nobody listens at. */
async function nobody(): Promise<string> {
  const gone = await loopback(() => undefined);
  await gone.stop();
  return new URL(gone.origin).host;
}

/** A proxy that does this when it is asked to open a way. */
async function proxyThat(open: (socket: Duplex, target: string) => void): Promise<string> {
  const server = createServer().on('connect', ({ url = '' }, socket: Duplex) => {
    socket.on('error', () => undefined);
    open(socket, url);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => server.close());
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

function through(place: string): Transport {
  const [host = '', port = ''] = place.split(':');
  return { proxy: { protocol: 'http', host, port: Number(port), auth: login } };
}

it('a proxy that nobody listens at is what could not be reached, and only its host and port are named (C5, C11)', async () => {
  const place = await nobody();
  const failure = (await failureOf(sendForm({ url: idp, transport: through(place) }))) as Error;
  expect(failure).toMatchObject({ code: 'network', kind: 'unavailable', transient: true });
  expect(failure.message).toMatch(`The proxy ${place}, on the way to ${idp}, could not be reached (ECONNREFUSED)`);
  expect(failure.message).not.toMatch(/proxy-secret|me:/);
});

it.each([
  ['HTTPS_PROXY', 'https_proxy'],
  ['https_proxy', 'HTTPS_PROXY'],
])('a dead proxy of %s is named as well (C5)', async (name, other) => {
  const place = await nobody();
  const before = { [name]: process.env[name], [other]: process.env[other] };
  process.env[name] = `http://me:proxy-secret@${place}`;
  delete process.env[other];
  try {
    const failure = (await failureOf(sendForm({ url: idp }))) as Error;
    expect(failure.message).toContain(`The proxy ${place}, on the way to ${idp}, could not be reached`);
    expect(failure.message).not.toContain('proxy-secret');
  } finally {
    for (const [key, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  }
});

it('a dead proxy of an endpoint on plain http is named as well (C5)', async () => {
  const place = await nobody();
  const { origin } = await loopback((_, response) => void response.end());
  const failure = (await failureOf(sendForm({ url: origin, transport: through(place) }))) as Error;
  expect(failure.message).toContain(`The proxy ${place}, on the way to ${origin}/, could not be reached`);
});

it('a proxy of an agent that leads elsewhere is told by where it leads (C5)', async () => {
  const place = await nobody();
  const [host = '', port = ''] = place.split(':');
  const httpsAgent = new Agent();
  Object.assign(httpsAgent, { createConnection: () => connect({ host, port: Number(port) }) });
  const failure = (await failureOf(sendForm({ url: idp, transport: { httpsAgent } }))) as Error;
  expect(failure.message).toContain(`The proxy ${place}, on the way to ${idp}, could not be reached`);
});

it('a proxy that closes the way which it opened is named beside the endpoint (C5)', async () => {
  const place = await proxyThat((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  const failure = (await failureOf(sendForm({ url: idp, transport: through(place) }))) as Error;
  expect(failure).toMatchObject({ code: 'network', transient: true });
  expect(failure.message).toContain(`${idp} could not be reached through the proxy ${place}`);
});

it.each([
  [407, 'configuration', false],
  [403, 'configuration', false],
  [429, 'unavailable', true],
  [502, 'unavailable', true],
  [503, 'unavailable', true],
])(
  'a proxy that answers %i to CONNECT is told as the proxy’s answer, of kind %s (C5)',
  async (status, kind, transient) => {
    const place = await proxyThat((socket) => socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`));
    const failure = (await failureOf(sendForm({ url: idp, transport: through(place) }))) as Error;
    expect(failure).toMatchObject({ kind, transient });
    expect(failure.message).toContain(`The proxy ${place} answered ${status} instead of opening the way to ${idp}`);
  },
);

it('an endpoint that nobody listens at is blamed itself when there is no proxy (C5)', async () => {
  const place = await nobody();
  const failure = (await failureOf(sendForm({ url: `https://${place}/token` }))) as Error;
  expect(failure.message).toBe(`https://${place}/token could not be reached (ECONNREFUSED)`);
});

it('through a proxy that opens the way the endpoint answers for itself, whatever it says (C5, C15)', async () => {
  const tls = serverCertificate();
  const server = await loopback((_, response) => void response.writeHead(407).end('mine'), { tls });
  const place = await proxyThat((socket, target) => {
    const [host = '', port = ''] = target.split(':');
    const onward = connect({ host, port: Number(port) }, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    }).on('error', () => undefined);
  });
  const transport = { ...through(place), httpsAgent: new Agent({ ca: tls.cert }) };
  const answer = await sendForm({ url: `${server.origin}/token`, transport });
  expect(answer).toMatchObject({ status: 407, text: 'mine' });
});

it('the certificate of a proxy that reads along is told with the proxy’s place (C5)', async () => {
  const server = await loopback((_, response) => void response.end(), { tls: serverCertificate() });
  const place = await proxyThat((socket) => {
    const { hostname: host, port } = new URL(server.origin);
    const onward = connect({ host, port: Number(port) }, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    }).on('error', () => undefined);
  });
  const failure = (await failureOf(sendForm({ url: idp, transport: through(place) }))) as Error;
  expect(failure).toMatchObject({ kind: 'configuration', transient: false });
  expect(failure.message).toMatch(new RegExp(`${idp} .*proxy ${place} \\(\\w+\\): .*NODE_EXTRA_CA_CERTS`));
});
