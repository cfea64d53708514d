// The command `doctor`: what it prints, with which code it ends, and what a page for a ticket holds.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { createPublicKey } from 'node:crypto';
import { ecKeyPair, startSmartServer, until } from '@axios-authorizer/test-kit';
import type { SmartServer, SmartServerOptions } from '@axios-authorizer/test-kit';
import { assertNoSecrets } from '@axios-authorizer/testing';
import { afterwards, itkdbStage, oauth2Stage, privateFile } from './stage.js';
import { cli, freshFolder, testTerminal } from './test-terminal.js';
import { examine } from '../src/doctor/examine.js';
import { oauth2Subject } from '../src/doctor/services/oauth2.js';
import { smartSubject } from '../src/doctor/services/smart.js';
import { run } from '../src/program.js';
import { certificate } from './doctor/stage.js';
import type { Jwk } from '@axios-authorizer/smart-backend';

const kid = 'es-key';
const { privateKey, publicKey } = ecKeyPair('P-384');
const jwk = { ...privateKey.export({ format: 'jwk' }), kid };
const longId = `reports-${'x'.repeat(60)}`;

interface Hospital {
  readonly server: SmartServer;
  readonly home: string;
  readonly args: readonly string[];
}

async function hospital(options: SmartServerOptions = {}, clientId = 'reports'): Promise<Hospital> {
  const keys = [
    { ...createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' }), kid },
  ];
  const server = await startSmartServer({ clients: [{ clientId, jwks: { keys } }], ...options });
  afterwards(() => server.stop());
  const home = freshFolder();
  const path = privateFile(home, 'key.json', JSON.stringify(jwk));
  return { server, home, args: ['smart', '--base-url', server.baseUrl, '--client-id', clientId, '--keys', path] };
}

it('a line a check, a summary and the exit code 0 when all is well', async () => {
  const { home, args } = await hospital();
  const ran = await cli(['doctor', ...args], { home });
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatch(/^✔ Configuration {2,}http/m);
  expect(ran.out).toMatch(/^– Key set {2,}no URL/m);
  expect(ran.out).toMatch(/^✔ A call {2,}GET .*Patient was answered with 200$/m);
  expect(ran.out).toMatch(/All is well\.\n$/);
});

it('what fails is followed by what to do, what builds on it is skipped with the reason, and the exit code is that of its kind', async () => {
  const { server, home, args } = await hospital();
  server.fault = 'token_expired_registration_token';
  const ran = await cli(['doctor', ...args], { home });
  expect(ran.code).toBe(3);
  expect(ran.out).toMatch(/^✖ Client .*Registration token expired$\n {4}The server does not know the client/m);
  expect(ran.out).toMatch(/^– A call {2,}"Token" comes first$/m);
  expect(ran.out).toMatch(/\n1 failure\. Begin with the first/);
});

it('--json is one object with every result, and nothing else is on stdout', async () => {
  const { server, home, args } = await hospital();
  server.alwaysToken({ status: 503 });
  const ran = await cli(['doctor', ...args, '--json'], { home });
  const { service, type, results } = JSON.parse(ran.out) as {
    service: string;
    type: string;
    results: { id: string; status: string; kind?: string }[];
  };
  expect({ code: ran.code, service, type }).toEqual({ code: 5, service: 'smart', type: 'smart' });
  expect(results.find(({ id }) => id === 'token')).toMatchObject({ status: 'failure', kind: 'unavailable' });
});

it('--report writes a page without tokens, keys and long client ids, with the versions of what took part', async () => {
  const { server, home, args } = await hospital({}, longId);
  const ran = await cli(['doctor', ...args, '--report', 'ticket.md'], { home });
  const page = readFileSync(join(home, 'ticket.md'), 'utf8');
  expect(ran).toMatchObject({ code: 0 });
  expect(page).toMatch(/^# doctor: smart \(smart\)$/m);
  expect(page).toMatch(/^- node: v\d+/m);
  expect(page).toMatch(/^- @axios-authorizer\/smart-backend: \d/m);
  expect(page).toContain('reports-… (68 characters)');
  expect(page).not.toContain(longId);
  assertNoSecrets([page, ran], [...server.issued, String(jwk.d)]);
});

it('--report - is the page alone on stdout, also when something fails that names the client', async () => {
  const { home, args } = await hospital({ clients: [] }, longId);
  const ran = await cli(['doctor', ...args, '--report', '-'], { home });
  expect(ran).toMatchObject({ code: 3, err: '' });
  expect(ran.out).toMatch(/^# doctor/);
  expect(ran.out).toContain('## What to do');
  expect(ran.out).not.toContain(longId);
});

it('a service of the configuration is examined by its name, and its checkUrl is what is called', async () => {
  const { server, home } = await hospital();
  const services = {
    fhir: {
      kind: 'smart',
      baseUrl: server.baseUrl,
      clientId: 'reports',
      keys: 'key.json',
      checkUrl: `${server.baseUrl}/Encounter/1`,
    },
  };
  privateFile(home, 'axios-authorizer.config.json', JSON.stringify({ services }));
  const ran = await cli(['doctor', 'fhir', '--json'], { home });
  expect(ran.code).toBe(0);
  expect(ran.out).toContain('/fhir/Encounter/1 was answered with 200');
});

async function itkdbWithApi(): ReturnType<typeof itkdbStage> {
  const stage = await itkdbStage();
  return { ...stage, env: { ...stage.env, ITKDB_API_URL: stage.itkdb.apiUrl } };
}

it.each([
  ['oauth2', oauth2Stage],
  ['itkdb', itkdbWithApi],
])('no secret of %s is printed, whatever fails', async (_kind, start) => {
  const { args, env, home, secrets } = await start();
  for (const more of [[], ['--json'], ['--report', '-']]) {
    const ran = await cli(['doctor', ...args, ...more], {
      home,
      env: { ...env, HTTPS_PROXY: 'http://user:a-proxy-password@127.0.0.1:9' },
    });
    expect(ran.code).toBe(0);
    assertNoSecrets(ran, [...secrets(), 'a-proxy-password']);
  }
});

it('the token of a login is what is examined where a person has to log in; without one the exit code is 4', async () => {
  const { args, env, home } = await oauth2Stage();
  const ran = await cli(['doctor', ...args, '--grant', 'authorization_code'], { home, env });
  expect(ran.code).toBe(4);
  expect(ran.out).toMatch(/axios-authorizer login/);
});

it('a secret that is missing is asked for where a person is there, and is the first finding elsewhere', async () => {
  const { args, env, home } = await oauth2Stage();
  const alone = await cli(['doctor', ...args], { home });
  const asked = await cli(['doctor', ...args], { home, answers: [`${env['AXIOS_AUTHORIZER_CLIENT_SECRET']}`] });
  expect([alone.code, asked.code]).toEqual([2, 0]);
  expect(alone.out).toMatch(/^✖ Configuration {2,}clientSecret is missing$/m);
});

it('Ctrl-C ends it with 130, while a server keeps silent', async () => {
  const { server, home, args } = await hospital();
  server.alwaysToken({ hang: true });
  const pressed = new AbortController();
  const terminal = testTerminal({ home, interrupted: pressed.signal });
  const ended = run(['doctor', ...args], terminal);
  await until(() => server.calls > 0);
  pressed.abort();
  expect(await ended).toBe(130);
});

it('through a proxy that opens the way, the certificates of the server are looked at', async () => {
  const { tls, transport } = certificate({ untilDays: 90 });
  const { server } = await hospital({ tls });
  const { port } = new URL(server.origin);
  const proxy = createServer().on('connect', (_request, from: Socket) => {
    const to = connect(Number(port), '127.0.0.1', () => from.write('HTTP/1.1 200 Go\r\n\r\n'));
    from.pipe(to).pipe(from);
    for (const socket of [from, to]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
  afterwards(() => void proxy.close());
  const env = { HTTPS_PROXY: `http://ada:a-proxy-password@127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  const subject = smartSubject({
    baseUrl: server.baseUrl,
    clientId: 'reports',
    keys: jwk as Jwk,
    scope: 'system/*.rs',
    transport,
  });
  const results = await examine(subject, { env });
  const found = (id: string): string | undefined => results.find((result) => result.id === id)?.found;
  expect(found('proxy')).toMatch(/\(HTTPS_PROXY\) opens the way to 127\.0\.0\.1:/);
  expect(found('tls')).toMatch(/has a certificate of A company of its own, good until/);
  assertNoSecrets(results, ['a-proxy-password']);
});

it.each([
  ['*', true],
  ['127.0.0.1', true],
  ['example.org, .0.0.1', true],
  ['127.0.0.1:9', true],
  ['127.0.0.1:10', false],
  ['7.0.0.1', false],
  ['', false],
])('NO_PROXY=%j is read as axios reads it', async (list, isBypassed) => {
  const subject = oauth2Subject({
    clientId: 'reports',
    clientSecret: 'the-secret',
    tokenUrl: 'https://127.0.0.1:9/token',
  });
  const results = await examine(subject, { env: { HTTPS_PROXY: 'http://127.0.0.1:8', NO_PROXY: list } });
  expect(results.find(({ id }) => id === 'proxy')?.status).toBe(isBypassed ? 'ok' : 'failure');
});

it.each([
  ['a query that may hold a secret', 'http://127.0.0.1:9/token?api_key=a-key-in-the-url'],
  ['a user in the URL', 'http://ada:a-key-in-the-url@127.0.0.1:9/token'],
])('%s is not shown', async (_what, tokenUrl) => {
  const results = await examine(oauth2Subject({ clientId: 'reports', clientSecret: 'the-secret', tokenUrl }), {
    env: {},
  });
  expect(results[0]?.id).toBe('configuration');
  assertNoSecrets(results, ['a-key-in-the-url']);
});

it('what a server says can neither move the cursor nor leave its cell in the page', async () => {
  const { server, home, args } = await hospital();
  server.alwaysToken({
    status: 400,
    json: { error: 'invalid_scope', error_description: '\u001B[2J\n| ✔ | all is well | ![x](https://evil.example/) ' },
  });
  const [lines, page] = [
    await cli(['doctor', ...args], { home }),
    await cli(['doctor', ...args, '--report', '-'], { home }),
  ];
  expect(lines.out).not.toContain('\u001B');
  expect(page.out).not.toMatch(/^\| ✔ \| all/m);
  expect(page.out).not.toContain('![x](');
});
