// Every fault that the token endpoint can simulate, the user pool's own token endpoint, and those of metadata, proxies and APIs.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startCognitoPool, startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { Answer, TokenEndpoint, TokenEndpointOptions } from '@axios-authorizer/test-kit';
import { startTokenEndpoint as startStrictEndpoint } from '@axios-authorizer/testing';
import { oauth2Subject } from '../../src/doctor/services/oauth2.js';
import type { OAuth2SubjectOptions } from '../../src/doctor/services/oauth2.js';
import { signing } from './smart-stages.js';
import { certificate, hanging, loopback, nowhere, secret } from './stage.js';
import type { Defer, StartStage } from './stage.js';

const client = { clientId: 'reports', clientSecret: secret };

interface Setting {
  readonly server?: TokenEndpointOptions;
  readonly client?: OAuth2SubjectOptions;
  readonly with?: (endpoint: TokenEndpoint) => unknown;
}

async function started(
  defer: Defer,
  { server, client: more, with: prepare }: Setting,
): Promise<{ endpoint: TokenEndpoint; given: OAuth2SubjectOptions }> {
  const endpoint = await startTokenEndpoint(server);
  defer(() => endpoint.stop());
  await prepare?.(endpoint);
  return { endpoint, given: { ...client, tokenUrl: endpoint.url, scope: 'read', ...more } };
}

function stage(setting: Setting): StartStage {
  return async (defer) => oauth2Subject((await started(defer, setting)).given);
}

/** The token endpoint answers so. */
function answer(given: Answer): StartStage {
  return stage({ with: (endpoint) => endpoint.always(given) });
}

/** It refuses in the words of RFC 6749 section 5.2. */
function refusal(error: string, description?: string, status = 400): StartStage {
  return answer({ status, json: { error, ...(description !== undefined && { error_description: description }) } });
}

/** An API, and what it says to a token. */
function api(status: number, headers: Readonly<Record<string, string>> = {}): StartStage {
  return async (defer) => {
    const site = await loopback(defer, (_, response) => void response.writeHead(status, headers).end('{}'));
    return oauth2Subject((await started(defer, { client: { call: `${site.origin}/items` } })).given);
  };
}

/** Metadata of an issuer, made from its origin. */
function metadata(make: (origin: string, tokenUrl: string) => unknown, more: OAuth2SubjectOptions = {}): StartStage {
  return async (defer) => {
    const { endpoint, given } = await started(defer, {});
    const site = await loopback(
      defer,
      (_, response) => void response.end(JSON.stringify(make(site.origin, endpoint.url))),
    );
    return oauth2Subject({ ...given, tokenUrl: undefined, issuer: site.origin, ...more });
  };
}

const https = { tokenUrl: 'https://127.0.0.1:9/token' };

/** A proxy that answers CONNECT so, in the environment. */
function proxy(status: number | undefined, noProxy = ''): StartStage {
  return async (defer) => {
    const server = createServer().on('connect', (_, socket) =>
      socket.end(`HTTP/1.1 ${status} So\r\ncontent-length: 0\r\n\r\n`),
    );
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = (): Promise<unknown> => new Promise((resolve) => void server.close(resolve));
    if (status === undefined) await close();
    else defer(close);
    const env = { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: noProxy };
    return { subject: oauth2Subject({ ...client, ...https }), options: { env } };
  };
}

export const oauth2Stages = {
  'oauth2: all is well': async (defer: Defer) => {
    const site = await loopback(defer, (_, response) => void response.end('{}'));
    return oauth2Subject((await started(defer, { client: { call: `${site.origin}/items` } })).given);
  },
  'oauth2: nothing is configured': async () => oauth2Subject({}),
  'oauth2: the token URL is none': stage({ client: { tokenUrl: 'id.example.org/token' } }),
  'oauth2: plain http beyond this machine': stage({ client: { tokenUrl: 'http://id.example.org/token' } }),
  'oauth2: nothing listens': async () => oauth2Subject({ ...client, tokenUrl: `${await nowhere()}/token` }),
  'oauth2: the proxy wants a login': proxy(407),
  'oauth2: the proxy forbids the way': proxy(403),
  'oauth2: the proxy finds nobody': proxy(502),
  'oauth2: the proxy is away': proxy(undefined),
  'oauth2: the proxy is no URL': async () => ({
    subject: oauth2Subject({ ...client, ...https }),
    options: { env: { HTTPS_PROXY: 'http://:3128:' } },
  }),
  'oauth2: only HTTP_PROXY is set': async () => ({
    subject: oauth2Subject({ ...client, ...https }),
    options: { env: { HTTP_PROXY: 'http://proxy.example.org:3128' } },
  }),
  'oauth2: NODE_EXTRA_CA_CERTS names no file': async (defer: Defer) => {
    const { createServer: createTlsServer } = await import('node:https');
    const server = createTlsServer({ ...certificate({ untilDays: 90 }).tls }).listen(0, '127.0.0.1');
    await new Promise((resolve) => void server.once('listening', resolve));
    defer(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return {
      subject: oauth2Subject({ ...client, tokenUrl: `https://127.0.0.1:${port}/token` }),
      options: { env: { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' } },
    };
  },
  'oauth2: our clock is slow': stage({ server: { clock: { now: () => Date.now() + 600_000 } } }),
  'oauth2: the metadata is of another issuer': metadata((_, token_endpoint) => ({
    issuer: 'https://another.example',
    token_endpoint,
  })),
  'oauth2: the metadata names no token endpoint': metadata((issuer) => ({ issuer })),
  'oauth2: there is no metadata': async (defer: Defer) => {
    const site = await loopback(defer, (_, response) => void response.writeHead(404).end('{}'));
    return oauth2Subject({ ...client, issuer: site.origin });
  },
  'oauth2: the metadata is away': async (defer: Defer) => {
    const site = await loopback(defer, (_, response) => void response.writeHead(503).end());
    return oauth2Subject({ ...client, issuer: site.origin });
  },
  'oauth2: the token endpoint of the metadata is another': async (defer: Defer) => {
    const { endpoint, given } = await started(defer, {});
    const site = await loopback(
      defer,
      (_, response) =>
        void response.end(JSON.stringify({ issuer: site.origin, token_endpoint: `${site.origin}/token` })),
    );
    return oauth2Subject({ ...given, tokenUrl: endpoint.url, issuer: site.origin });
  },
  'oauth2: the token endpoint of the metadata cannot be reached': async (defer: Defer) => {
    const away = await nowhere();
    const site = await loopback(
      defer,
      (_, response) => void response.end(JSON.stringify({ issuer: site.origin, token_endpoint: `${away}/token` })),
    );
    return oauth2Subject({ ...client, issuer: site.origin });
  },
  'oauth2: the server wants the secret in the form': metadata((issuer, token_endpoint) => ({
    issuer,
    token_endpoint,
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  })),
  'oauth2: the server takes no algorithm of ours': metadata(
    (issuer, token_endpoint) => ({
      issuer,
      token_endpoint,
      token_endpoint_auth_signing_alg_values_supported: ['EdDSA'],
    }),
    { keys: signing, clientSecret: undefined },
  ),
  'oauth2: the server does not list the grant': metadata((issuer, token_endpoint) => ({
    issuer,
    token_endpoint,
    grant_types_supported: ['authorization_code'],
  })),
  'oauth2: the secret is wrong': async (defer: Defer) => {
    const endpoint = await startStrictEndpoint({ clientId: 'reports' });
    defer(() => endpoint.close());
    return oauth2Subject({ ...client, tokenUrl: endpoint.url });
  },
  'oauth2: the client may not use the grant': refusal('unauthorized_client'),
  'oauth2: the grant is not known': refusal('unsupported_grant_type'),
  'oauth2: the scope is not granted': refusal('invalid_scope'),
  'oauth2: the API that is asked for is not known': refusal('invalid_target'),
  'oauth2: the server wants an audience': refusal('invalid_request', 'Missing required parameter: audience'),
  'oauth2: the request is not as the server wants it': refusal('invalid_request', 'tenant is required'),
  'oauth2: the grant is spent': refusal('invalid_grant'),
  'oauth2: a policy refuses': refusal('access_denied', undefined, 403),
  'oauth2: the server wants DPoP': refusal('use_dpop_nonce'),
  'oauth2: the proof of DPoP is not as it should be': refusal('invalid_dpop_proof'),
  'oauth2: a 401 without a word': answer({ status: 401, text: 'Unauthorized' }),
  'oauth2: a firewall refuses': answer({ status: 403, text: '<html>blocked</html>' }),
  'oauth2: nothing is at the token URL': answer({ status: 404, text: 'Not found' }),
  'oauth2: the token URL takes no POST': answer({ status: 405, text: '' }),
  'oauth2: the token endpoint redirects': answer({
    status: 302,
    headers: { location: 'https://id.example.org/login' },
    text: '',
  }),
  'oauth2: too many requests': answer({ status: 429, headers: { 'retry-after': '7' }, json: { error: 'slow_down' } }),
  'oauth2: the token endpoint answers 500': answer({ status: 500, text: '' }),
  'oauth2: a gateway cannot reach it': answer({ status: 502, text: '' }),
  'oauth2: the token endpoint is away': answer({ status: 503, json: { error: 'temporarily_unavailable' } }),
  'oauth2: a gateway waits in vain': answer({ status: 504, text: '' }),
  'oauth2: the token endpoint answers a page': answer({ text: '<html>Sign in</html>' }),
  'oauth2: the answer holds no token': answer({ json: {} }),
  'oauth2: the answer has no end': answer({ trickle: 3_000_000 }),
  'oauth2: the connection is cut': answer({ reset: true }),
  'oauth2: the answer is lost': answer({ lost: true }),
  'oauth2: the token endpoint hangs': async (defer: Defer) => {
    const { endpoint, given } = await started(defer, { with: (one) => one.always({ hang: true }) });
    return hanging(oauth2Subject(given), () => endpoint.calls);
  },
  'oauth2: the token is of another type': stage({ server: { tokenType: 'mac' } }),
  'oauth2: the token has no end': stage({ server: { expiresIn: null } }),
  'oauth2: the token lives for seconds': stage({ server: { expiresIn: 5 } }),
  'oauth2: less is granted than was asked for': stage({
    with: (endpoint) =>
      endpoint.next({
        json: { access_token: 'of-another-server', token_type: 'Bearer', expires_in: 300, scope: 'read' },
      }),
    client: { scope: 'read write' },
  }),
  'oauth2: the API does not take the token': api(401, { 'www-authenticate': 'Bearer error="invalid_token"' }),
  'oauth2: the API does not say what it wants': api(401),
  'oauth2: the API wants another scope': api(403, {
    'www-authenticate': 'Bearer error="insufficient_scope", scope="write"',
  }),
  'oauth2: the API forbids it': api(403),
  'oauth2: the API is not there': api(404),
  'oauth2: the API is away': api(503),
  'oauth2: a user pool does not grant client credentials': async (defer: Defer) => {
    const pool = await startCognitoPool({
      clients: [client],
      users: [{ username: 'alice', password: 'Correct-Horse-1' }],
      hostedUi: { redirectUris: [], username: 'alice' },
    });
    defer(() => pool.stop());
    return oauth2Subject({ ...client, tokenUrl: `${pool.origin}/oauth2/token` });
  },
  'oauth2: a person has to log in': stage({ client: { grant: 'device_code' } }),
} satisfies Readonly<Record<string, StartStage>>;
