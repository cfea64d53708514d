// What the questions to a token endpoint need again and again: servers that end with their test, a failure to look at.
import { startLoopback, startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import type {
  LoopbackHandler,
  LoopbackOptions,
  LoopbackServer,
  ResourceServer,
  ResourceServerOptions,
  TokenEndpoint,
  TokenEndpointOptions,
} from '@axios-authorizer/test-kit';
import type { TokenRequest } from '../../src/index.js';

const stops: (() => unknown)[] = [];

/** Both ways in which a request can leave. */
export const adapters = ['http', 'fetch'] as const;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** Runs `stop` after the test. */
export function afterwards(stop: () => unknown): void {
  stops.push(stop);
}

export async function tokenEndpoint(options?: TokenEndpointOptions): Promise<TokenEndpoint> {
  const server = await startTokenEndpoint(options);
  afterwards(() => server.stop());
  return server;
}

export async function resourceServer(options?: ResourceServerOptions): Promise<ResourceServer> {
  const server = await startResourceServer(options);
  afterwards(() => server.stop());
  return server;
}

export async function loopback(handle: LoopbackHandler, options?: LoopbackOptions): Promise<LoopbackServer> {
  const server = await startLoopback(handle, options);
  afterwards(() => server.stop());
  return server;
}

/** What the promise was rejected with. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('It should have failed, and did not')),
    (error: unknown) => error,
  );
}

/** The form of a grant. */
export function grant(grantType = 'client_credentials', further: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({ grant_type: grantType, ...further });
}

/** What an authorizer hands to a source, for tests that call a source themselves. */
export function tokenRequest(): TokenRequest {
  return { signal: new AbortController().signal, reason: 'missing' };
}

/** An unsigned JWT with these claims. */
export function jwtOf(claims: object): string {
  return [{ alg: 'none' }, claims, {}].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});
