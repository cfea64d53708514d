// Every fault that the SMART server can simulate, and those of the client's own side.
import { createPublicKey } from 'node:crypto';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ecKeyPair, rsaKeyPair, startSmartServer } from '@axios-authorizer/test-kit';
import type { SmartFault, SmartServer, SmartServerOptions } from '@axios-authorizer/test-kit';
import { smartSubject } from '../../src/doctor/services/smart.js';
import type { SmartSubjectOptions } from '../../src/doctor/services/smart.js';
import { certificate, hanging, loopback, nowhere } from './stage.js';
import type { Defer, StartStage } from './stage.js';

type JsonKey = Readonly<Record<string, string>> & { readonly kty: string; readonly kid: string };

const clientId = 'the-service';
export const signing: JsonKey = keyOf(ecKeyPair('P-384').privateKey.export({ format: 'jwk' }), 'es-key');
const stranger: JsonKey = keyOf(ecKeyPair('P-384').privateKey.export({ format: 'jwk' }), 'es-key');
const another: JsonKey = { ...stranger, kid: 'another-key' };

function keyOf(jwk: object, kid: string): JsonKey {
  return { ...jwk, kid } as JsonKey;
}

export function publicOf({ kid, ...jwk }: JsonKey): object {
  return { ...createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' }), kid };
}

interface Setting {
  readonly server?: SmartServerOptions;
  readonly client?: SmartSubjectOptions;
  /** What is done to the server before doctor looks. */
  readonly with?: (server: SmartServer) => void;
}

async function started(
  defer: Defer,
  { server: options = {}, client = {}, with: prepare }: Setting,
): Promise<{ server: SmartServer; subject: ReturnType<typeof smartSubject> }> {
  const registered = { clientId, jwks: { keys: [publicOf(signing)] } };
  const server = await startSmartServer({ clients: [registered], ...options });
  defer(() => server.stop());
  prepare?.(server);
  const settings = { baseUrl: server.baseUrl, clientId, keys: signing, scope: 'system/Patient.rs' };
  return { server, subject: smartSubject({ ...settings, ...client }) };
}

function stage(setting: Setting): StartStage {
  return async (defer) => (await started(defer, setting)).subject;
}

/** A key set of the client's own, and a client that names it. */
function keySet(body: unknown, status = 200): StartStage {
  return async (defer) => {
    const site = await loopback(defer, (_, response) => void response.writeHead(status).end(JSON.stringify(body)));
    return (await started(defer, { client: { jwksUrl: `${site.origin}/jwks.json` } })).subject;
  };
}

/** A registration by URL that cannot be read, in the words of one of the servers. */
function unreadableKeySet(words: SmartServerOptions['words']): StartStage {
  return async (defer) => {
    const jwksUrl = `${await nowhere()}/jwks.json`;
    const server: SmartServerOptions = { clients: [{ clientId, jwksUrl }], ...(words && { words }) };
    return (await started(defer, { server })).subject;
  };
}

function keyFile(text: string, mode: number, client: SmartSubjectOptions = {}): StartStage {
  return (defer) => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    defer(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'key.json');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return stage({ client: { keys: path, ...client } })(defer);
  };
}

function tls(options: Parameters<typeof certificate>[0], isTrusted = true): StartStage {
  const { tls: own, transport } = certificate(options);
  return stage({ server: { tls: own }, ...(isTrusted && { client: { transport } }) });
}

const stranded = { 'www-authenticate': 'Bearer' };

/** The server's own names, so that none is forgotten. */
const faults: Readonly<Record<`smart: ${SmartFault}`, StartStage>> = {
  'smart: token_expired_registration_token': stage({
    with: (server) => (server.fault = 'token_expired_registration_token'),
  }),
  'smart: invalid_jti': stage({ with: (server) => (server.fault = 'invalid_jti') }),
  'smart: token_invalid_scope': stage({ with: (server) => (server.fault = 'token_invalid_scope') }),
  'smart: token_invalid_token': stage({ with: (server) => (server.fault = 'token_invalid_token') }),
  'smart: request_invalid_token': stage({ with: (server) => (server.fault = 'request_invalid_token') }),
  'smart: request_expired_token': stage({ with: (server) => (server.fault = 'request_expired_token') }),
  'smart: auth_operation_outcome': stage({ with: (server) => (server.fault = 'auth_operation_outcome') }),
  'smart: auth_text': stage({ with: (server) => (server.fault = 'auth_text') }),
  'smart: auth_no_challenge': stage({
    with: (server) => {
      server.fault = 'auth_no_challenge';
      server.nextToken({ json: { access_token: 'of-another-server', token_type: 'bearer', expires_in: 300 } }); // noted, then revoked
      server.nextResource({ status: 401, json: {} });
    },
  }),
  'smart: rate_limited': stage({ with: (server) => (server.fault = 'rate_limited') }),
};

export const smartStages = {
  ...faults,
  'smart: all is well': async (defer: Defer) => {
    const site = await loopback(
      defer,
      (_, response) => void response.end(JSON.stringify({ keys: [publicOf(signing)] })),
    );
    const jwksUrl = `${site.origin}/jwks.json`;
    const { subject } = await started(defer, { server: { clients: [{ clientId, jwksUrl }] }, client: { jwksUrl } });
    return subject;
  },
  'smart: nothing is configured': async () => smartSubject({}),
  'smart: the base URL is none': stage({ client: { baseUrl: 'ehr.example.org/fhir' } }),
  'smart: plain http beyond this machine': stage({ client: { baseUrl: 'http://ehr.example.org/fhir' } }),
  'smart: the key file is not there': stage({ client: { keys: '/nowhere/key.json' } }),
  'smart: others may read the key file': keyFile(JSON.stringify(signing), 0o644),
  'smart: others may read the key file, on purpose': keyFile(JSON.stringify(signing), 0o644, { anyMode: true }),
  'smart: the file holds a public key': keyFile(JSON.stringify(publicOf(signing)), 0o600),
  'smart: the RSA key is too short': keyFile(
    String(rsaKeyPair(1024).privateKey.export({ type: 'pkcs8', format: 'pem' })),
    0o600,
  ),
  'smart: the key is encrypted': keyFile(
    String(
      ecKeyPair('P-384').privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
    ),
    0o600,
  ),
  'smart: nothing listens': async () =>
    smartSubject({ baseUrl: `${await nowhere()}/fhir`, clientId, keys: signing, scope: 'system/*.rs' }),
  'smart: no such host': stage({
    client: { baseUrl: `https://${'x'.repeat(64)}.example/fhir` /* too long to be looked up */ },
  }),
  'smart: the certificate has expired': tls({ fromDays: -9, untilDays: -2 }),
  'smart: the certificate is not good yet': tls({ fromDays: 2, untilDays: 9 }),
  'smart: the certificate expires soon': tls({ untilDays: 3 }),
  'smart: the certificate is for another host': tls({ hosts: ['ehr.example'], untilDays: 90 }),
  'smart: nobody knows the CA': tls({ untilDays: 90 }, false),
  'smart: the server speaks no TLS': async (defer: Defer) => {
    const { server } = await started(defer, {});
    const baseUrl = server.baseUrl.replace('http:', 'https:');
    return smartSubject({ baseUrl, clientId, keys: signing, scope: 'system/*.rs' });
  },
  'smart: our clock is slow': stage({ server: { clock: { now: () => Date.now() + 600_000 } } }),
  'smart: our clock is fast': stage({ server: { clock: { now: () => Date.now() - 600_000 } } }),
  'smart: the server sends no Date': stage({ server: { sendDate: false } }),
  'smart: a clock is wrong, and the server sends no Date': stage({
    server: { sendDate: false, clock: { now: () => Date.now() + 600_000 } },
  }),
  'smart: there is no SMART configuration': stage({
    with: (server) => server.nextDiscovery(undefined, { status: 404, json: {} }),
  }),
  'smart: the SMART configuration is a page': stage({
    with: (server) => server.nextDiscovery(undefined, { text: '<html>Sign in</html>' }),
  }),
  'smart: the SMART configuration names no token endpoint': stage({
    server: { document: ({ token_endpoint: _gone, ...rest }) => rest },
  }),
  'smart: the SMART configuration is incomplete': stage({
    server: { document: ({ capabilities: _gone, ...rest }) => rest },
  }),
  'smart: the token endpoint is plain http elsewhere': stage({
    server: { document: (document) => ({ ...document, token_endpoint: 'http://ehr.example.org/token' }) },
  }),
  'smart: the server is away': stage({ with: (server) => server.nextDiscovery(undefined, { status: 503 }) }),
  'smart: discovery hangs': async (defer: Defer) => {
    const { server, subject } = await started(defer, {});
    server.nextDiscovery(undefined, { hang: true });
    return hanging(subject, () => (server.requests.length > 1 ? 1 : 0));
  },
  'smart: the server takes no algorithm of ours': stage({ server: { algorithms: ['RS384'] } }),
  'smart: the server does not say which algorithms it takes': stage({ server: { algorithms: null } }),
  'smart: the key set answers 404': keySet({}, 404),
  'smart: the key set wants a login': keySet({}, 401),
  'smart: the key set is no key set': keySet({ hello: 'world' }),
  'smart: the key set shows a private key': keySet({ keys: [signing] }),
  'smart: the key set lacks the key that signs': keySet({ keys: [publicOf(another)] }),
  'smart: the key set has another key under our kid': keySet({ keys: [publicOf(stranger)] }),
  'smart: the client is unknown': stage({ client: { clientId: 'nobody' } }),
  'smart: the client is unknown, as bulk-data-server says it': stage({
    server: { clients: [], words: 'bulk-data-server' },
  }),
  'smart: the client is unknown, as smart-launcher says it': stage({
    server: { clients: [], words: 'smart-launcher' },
  }),
  'smart: the server has no key of this kid': stage({
    server: { clients: [{ clientId, jwks: { keys: [publicOf(another)] } }] },
  }),
  'smart: the server has another key under this kid': stage({
    server: { clients: [{ clientId, jwks: { keys: [publicOf(stranger)] } }] },
  }),
  'smart: a private key is registered': stage({ server: { clients: [{ clientId, jwks: { keys: [signing] } }] } }),
  'smart: the server cannot read the key set': unreadableKeySet(undefined),
  'smart: the server cannot read the key set, as bulk-data-server says it': unreadableKeySet('bulk-data-server'),
  'smart: the server cannot read the key set, as smart-launcher says it': unreadableKeySet('smart-launcher'),
  'smart: jku is not what was registered': stage({ client: { jku: 'https://127.0.0.1:9/other.json' } }),
  'smart: the server wants another audience': stage({ server: { audience: 'https://ehr.example.org' } }),
  'smart: the token endpoint has moved': stage({ with: (server) => server.alwaysToken({ status: 404, json: {} }) }),
  'smart: the token endpoint answers 500': stage({ with: (server) => server.alwaysToken({ status: 500 }) }),
  'smart: the token endpoint answers 503': stage({ with: (server) => server.alwaysToken({ status: 503 }) }),
  'smart: the token endpoint answers a page': stage({
    with: (server) => server.alwaysToken({ text: '<html>Sign in</html>' }),
  }),
  'smart: the token endpoint answers without end': stage({
    with: (server) => server.alwaysToken({ trickle: 3_000_000 }),
  }),
  'smart: the token endpoint cuts the connection': stage({ with: (server) => server.alwaysToken({ reset: true }) }),
  'smart: the token endpoint hangs': async (defer: Defer) => {
    const { server, subject } = await started(defer, { with: (one) => one.alwaysToken({ hang: true }) });
    return hanging(subject, () => server.calls);
  },
  'smart: the token is of another type': stage({
    with: (server) =>
      server.nextToken({ json: { access_token: 'of-another-server', token_type: 'mac', expires_in: 300 } }),
  }),
  'smart: the token has no end': stage({ server: { expiresIn: null } }),
  'smart: the token lives for seconds': stage({ server: { expiresIn: 5 } }),
  'smart: less is granted than was asked for': stage({
    server: { clients: [{ clientId, jwks: { keys: [publicOf(signing)] }, scopes: ['system/Patient.rs'] }] },
    client: { scope: 'system/Patient.rs system/Observation.rs' },
  }),
  'smart: a scope looks like a typo': stage({ client: { scope: 'system/Patient.sr' } }),
  'smart: the API wants more scope': async (defer: Defer) => {
    const { server } = await started(defer, { server: { enforceScopes: true } });
    const { baseUrl } = server;
    return smartSubject({ baseUrl, clientId, keys: signing, scope: 'system/Patient.rs', call: `${baseUrl}/Encounter` });
  },
  'smart: the API redirects': stage({
    with: (server) =>
      server.nextResource({ status: 302, headers: { location: 'https://ehr.example.org/fhir/Patient' } }),
  }),
  'smart: the API is away': stage({ with: (server) => server.nextResource({ status: 503 }) }),
  'smart: the API asks for fewer requests': stage({ with: (server) => server.nextResource({ status: 429 }) }),
  'smart: the API does not know the resource': stage({ with: (server) => server.nextResource({ status: 404 }) }),
  'smart: a page stands before the API': stage({
    with: (server) => server.nextResource({ text: '<!doctype html><title>Portal</title>' }),
  }),
  'smart: the API wants a scope, and names it': stage({
    with: (server) =>
      server.nextResource({
        status: 403,
        headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="system/Patient.s"' },
      }),
  }),
  'smart: the API forbids it': stage({ with: (server) => server.nextResource({ status: 403, headers: stranded }) }),
} satisfies Readonly<Record<string, StartStage>>;
