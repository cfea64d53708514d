// What the tests of OAuth2Authorizer have in common: servers that end with their test, an app client, and time.
import { startLoopback, startResourceServer, startTokenEndpoint, until } from '@axios-authorizer/test-kit';
import type { AuthenticationError, Transport } from '@axios-authorizer/core';
import type {
  LoopbackHandler,
  LoopbackServer,
  ManualClock,
  ResourceServer,
  ResourceServerOptions,
  TokenEndpoint,
  TokenEndpointOptions,
} from '@axios-authorizer/test-kit';

/** A secret with signs that must be form-encoded before they go into Basic (RFC 6749, 2.3.1). */
export const app = { clientId: 'the app', clientSecret: 'a secret: 100% +more/=&?', apiKey: 'the-api-key-of-the-app' };
export const publicApp = { clientId: 'the-public-app' };
export const basic = `Basic ${Buffer.from('the+app:a+secret%3A+100%25+%2Bmore%2F%3D%26%3F').toString('base64')}`;
export const code = 'the-code-of-the-browser';
export const redirectUri = 'https://client.example.com/callback?from=pool';
export const codeVerifier = 'the-verifier-of-the-code-which-has-43-signs-at-least';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

const stops: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

export async function tokenEndpoint(options?: TokenEndpointOptions): Promise<TokenEndpoint> {
  const server = await startTokenEndpoint(options);
  stops.push(() => server.stop());
  return server;
}

export async function resourceServer(options?: ResourceServerOptions): Promise<ResourceServer> {
  const server = await startResourceServer(options);
  stops.push(() => server.stop());
  return server;
}

export async function loopback(handle: LoopbackHandler): Promise<LoopbackServer> {
  const server = await startLoopback(handle);
  stops.push(() => server.stop());
  return server;
}

/** What the promise is rejected with. */
export function failureOf(promise: Promise<unknown>): Promise<AuthenticationError> {
  return promise.then(
    () => Promise.reject(new Error('It should have failed, and did not')),
    (error: AuthenticationError) => error,
  );
}

/** `work`, letting time pass only while something sleeps beside the limit of the acquisition. */
export async function passing<R>(clock: ManualClock, work: Promise<R>): Promise<R> {
  const progress = { over: false };
  const end = (): void => void (progress.over = true);
  work.then(end, end);
  while (!progress.over) {
    await until(() => progress.over || clock.sleepers > 1, 'an answer or a sleep');
    if (!progress.over) await clock.advance(100);
  }
  return work;
}

/** A transport that reaches nobody: it notes the URLs, and grants a token. */
export function noting(): { readonly transport: Transport; readonly urls: string[] } {
  const urls: string[] = [];
  const adapter: Transport['adapter'] = async (config) => {
    urls.push(String(config.url));
    const data = JSON.stringify({ access_token: 'the-token', token_type: 'Bearer', expires_in: 3600 });
    return { data, status: 200, statusText: 'OK', headers: {}, config };
  };
  return { transport: { adapter }, urls };
}

/** An unsigned JWT with these claims; who gets it from a token endpoint does not look at the signature. */
export function jwtOf(claims: object): string {
  return [{ alg: 'RS256' }, claims, {}]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}
