// The process behind startOidcProvider: oidc-provider with client_credentials, rotating refresh tokens, introspection
// and revocation, everything in memory. It tells its parent the issuer, answers its questions, and ends with it.

import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Provider } from 'oidc-provider';

const settings = JSON.parse(process.argv[2] ?? '{}');
const state = { accessTokenSeconds: settings.accessTokenSeconds, paused: false };
const counters = {
  tokenRequests: 0,
  granted: 0,
  refused: 0,
  refreshReuses: 0,
  assertionReplays: 0,
  proofReplays: 0,
  introspections: 0,
  revocations: 0,
};
const counted = {
  '/token': 'tokenRequests',
  '/token/introspection': 'introspections',
  '/token/revocation': 'revocations',
};
const loginSeconds = 14 * 86_400;
const deviceCodeSeconds = 600;
const accountId = 'somebody';
const ofAccess = () => state.accessTokenSeconds;
const ofLogin = () => loginSeconds;

function client({ clientId, clientSecret }, method, grantTypes) {
  const interactive = grantTypes.includes('authorization_code');
  return {
    client_id: clientId,
    client_secret: clientSecret,
    token_endpoint_auth_method: method,
    grant_types: grantTypes,
    response_types: interactive ? ['code'] : [],
    redirect_uris: interactive ? ['https://client.example/callback'] : [],
    id_token_signed_response_alg: 'ES256',
  };
}

/** An app on somebody's machine: it has no secret, and signs people in by a browser, here or on another device. */
function nativeClient({ clientId, redirectUri }) {
  return {
    client_id: clientId,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
    redirect_uris: [redirectUri],
    id_token_signed_response_alg: 'ES256',
  };
}

function assertionClient({ clientId, alg, jwks, clientSecret }) {
  return {
    client_id: clientId,
    jwks,
    client_secret: clientSecret,
    token_endpoint_auth_method: jwks ? 'private_key_jwt' : 'client_secret_jwt',
    token_endpoint_auth_signing_alg: alg,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: 'ES256',
  };
}

function certificateClient({ clientId, cert, selfSigned }) {
  const certificate = new X509Certificate(cert);
  const key = {
    ...certificate.publicKey.export({ format: 'jwk' }),
    x5c: [certificate.raw.toString('base64')],
    kid: 'cert',
  };
  return {
    client_id: clientId,
    token_endpoint_auth_method: selfSigned ? 'self_signed_tls_client_auth' : 'tls_client_auth',
    ...(selfSigned ? { jwks: { keys: [key] } } : { tls_client_auth_subject_dn: certificate.subject }),
    tls_client_certificate_bound_access_tokens: true,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: 'ES256',
  };
}

/** Those that the provider has by itself. */
const SECRET_METHODS = ['client_secret_basic', 'client_secret_jwt', 'client_secret_post', 'private_key_jwt', 'none'];

/** What the provider asks about certificates. */
const mTLS = {
  enabled: settings.mtls !== undefined,
  tlsClientAuth: true,
  selfSignedTlsClientAuth: true,
  certificateBoundAccessTokens: true,
  getCertificate: ({ socket }) => socket.getPeerX509Certificate?.()?.toString(),
  certificateAuthorized: ({ socket }) => socket.authorized === true,
  certificateSubjectMatches: ({ socket }, property, expected) =>
    property === 'tls_client_auth_subject_dn' && socket.getPeerX509Certificate().subject === expected,
};

const pem = {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
};

function signingKey() {
  // read again from PEM: see src/key-pairs.ts
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', ...pem });
  return { ...createPrivateKey(privateKey).export({ format: 'jwk' }), kid: 'signing-key', alg: 'ES256', use: 'sig' };
}

function assertionAlgorithms() {
  const further = settings.assertionClients.map(({ alg }) => alg);
  return [...new Set(['HS256', 'RS256', 'ES256', 'RS384', 'ES384', ...further])];
}

function configuration() {
  const { basic, post, rotating } = settings.clients;
  return {
    clients: [
      client(basic, 'client_secret_basic', ['client_credentials']),
      client(post, 'client_secret_post', ['client_credentials']),
      client(rotating, 'client_secret_basic', ['authorization_code', 'refresh_token']),
      nativeClient(settings.nativeClient),
      ...settings.assertionClients.map(assertionClient),
      ...(settings.mtls?.clients ?? []).map(certificateClient),
    ],
    ...(mtlsOrigin && { clientAuthMethods: [...SECRET_METHODS, 'tls_client_auth', 'self_signed_tls_client_auth'] }),
    enabledJWA: { clientAuthSigningAlgValues: assertionAlgorithms() },
    ...(mtlsOrigin && { discovery: { mtls_endpoint_aliases: { token_endpoint: `${mtlsOrigin}/token` } } }),
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: (ctx, { clientId }, token) => token.clientId === clientId },
      deviceFlow: { enabled: true },
      devInteractions: { enabled: false },
      mTLS,
      ...(settings.dpopNonces && { dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true } }),
      resourceIndicators: { enabled: false },
    },
    clockTolerance: 0,
    cookies: { keys: ['of a browser that `authorize` plays'] },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    jwks: { keys: [signingKey()] },
    rotateRefreshToken: true,
    scopes: ['openid', 'offline_access', ...settings.scopes],
    ttl: {
      AccessToken: ofAccess,
      ClientCredentials: ofAccess,
      DeviceCode: () => deviceCodeSeconds,
      Grant: ofLogin,
      IdToken: ofLogin,
      RefreshToken: ofLogin,
    },
  };
}

const server = createServer((request, response) => serve(request, response));
server.keepAliveTimeout = 0;
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const mtlsOrigin = settings.mtls && (await serveTls(settings.mtls));
const provider = new Provider(issuer, configuration());
const answer = provider.callback();

provider.on('grant.success', () => (counters.granted += 1));
provider.on('grant.error', (ctx, error) => {
  counters.refused += 1;
  counters.refreshReuses += error.error_detail === 'refresh token already used' ? 1 : 0;
  counters.proofReplays += error.error_detail === 'DPoP proof JWT Replay detected' ? 1 : 0;
  counters.assertionReplays += error.error_detail === 'client assertion tokens must only be used once' ? 1 : 0;
});

// A database would check and spend a refresh token in one transaction; in memory, two requests at once could both
// pass, so they are served one after the other.
let lastTokenRequest = Promise.resolve();

function serve(request, response) {
  const path = request.url.split('?')[0];
  if (request.method === 'POST' && counted[path]) {
    counters[counted[path]] += 1;
  }
  if (path.startsWith('/interaction/')) {
    agree(request, response).catch(() => response.destroy());
  } else if (path !== '/token') {
    answer(request, response);
  } else if (state.paused) {
    refuse(request, response);
  } else {
    lastTokenRequest = answerAfter(lastTokenRequest, request, response);
  }
}

/** @returns the origin of a second entrance that asks for certificates */
async function serveTls({ server: { key, cert }, authority }) {
  const asking = { key, cert, ca: authority, requestCert: true, rejectUnauthorized: false };
  const tlsServer = createTlsServer(asking, (request, response) => serve(request, response));
  tlsServer.keepAliveTimeout = 0;
  await new Promise((resolve) => tlsServer.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${tlsServer.address().port}`;
}

async function answerAfter(previous, request, response) {
  await previous;
  await answer(request, response).catch(() => response.destroy());
}

/** The page on which a person signs in and agrees to what is asked for. */
async function agree(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  await provider.interactionFinished(request, response, {
    login: { accountId },
    consent: { grantId: await grant.save() },
  });
}

/** Follows redirects, with cookies, until one leads away from here, or to a page. */
async function browse(url, cookies = new Map(), body) {
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
  const method = body === undefined ? 'GET' : 'POST';
  const response = await fetch(url, { method, body, redirect: 'manual', headers: { cookie } });
  for (const line of response.headers.getSetCookie()) {
    const [name, value] = line.split(';', 1)[0].split('=', 2);
    cookies.set(name, value);
  }
  const location = response.headers.get('location');
  if (location === null) return { status: response.status, page: await response.text() };
  const next = new URL(location, url);
  return next.origin === issuer ? browse(next.href, cookies) : { location: next.href };
}

/** A browser that is sent to a place, and in the end elsewhere. */
async function authorize(url) {
  const { location, status } = await browse(url);
  if (location === undefined) throw new Error(`A page with status ${status} where a redirect was expected`);
  return location;
}

/** The person opens the page of a device's code, and confirms it, or does not. Each form is sent as the page has it. */
async function confirmDevice({ url, deny }) {
  const cookies = new Map();
  let { page, status } = await browse(url, cookies);
  for (let form = formIn(page, url); form !== undefined; form = formIn(page, url)) {
    const isLast = deny && form.fields.has('confirm');
    if (isLast) form.fields.set('abort', 'yes');
    ({ page, status } = await browse(form.action, cookies, form.fields));
    if (isLast) return 'denied';
  }
  if (!page.includes('Success')) throw new Error(`A page with status ${status} where success was expected`);
  return 'confirmed';
}

function formIn(page, url) {
  const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
  if (action === undefined) return undefined;
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return {
    action: new URL(action, url).href,
    fields: new URLSearchParams(fields.map(([, name, value]) => [name, value])),
  };
}

function refuse(request, response) {
  request.resume();
  response.writeHead(503, { 'content-type': 'application/json' });
  response.end('{"error":"temporarily_unavailable"}');
}

const answers = {
  counters: () => counters,
  authorize: (url) => authorize(url),
  confirmDevice: (device) => confirmDevice(device),
  setTokenLife: (seconds) => void (state.accessTokenSeconds = seconds),
  pause: () => void (state.paused = true),
  resume: () => void (state.paused = false),
  isActive: async (token) => {
    const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
    return found?.isValid === true;
  },
  signIn: async ({ scope = 'openid offline_access api' } = {}) => {
    const rotating = await provider.Client.find(settings.clients.rotating.clientId);
    const grant = new provider.Grant({ accountId, clientId: rotating.clientId });
    grant.addOIDCScope(scope);
    const granted = { accountId, client: rotating, grantId: await grant.save(), scope, gty: 'authorization_code' };
    const refreshToken = await new provider.RefreshToken({ ...granted, rotations: 0 }).save();
    const accessToken = await new provider.AccessToken(granted).save();
    return { accessToken, refreshToken, expiresIn: state.accessTokenSeconds };
  },
};

process.on('disconnect', () => process.exit());
process.on('message', async ({ id, name, argument }) => {
  try {
    process.send({ id, value: await answers[name](argument) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.send({ issuer });
