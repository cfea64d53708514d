// What the tests of the SMART source have in common: a key pair of its own for each test file, a strict server that ends
// with its test, and time by which both sides go.
import { createPublicKey } from 'node:crypto';
import { ecKeyPair, ManualClock, rsaKeyPair, startLoopback, startSmartServer, until } from '@axios-authorizer/test-kit';
import type { AuthEvent, AuthenticationError, Token } from '@axios-authorizer/core';
import type {
  LoopbackHandler,
  LoopbackServer,
  Received,
  SmartClientRegistration,
  SmartServer,
  SmartServerOptions,
} from '@axios-authorizer/test-kit';
import type { AxiosResponse, CreateAxiosDefaults } from 'axios';
import { createSmartBackendClient, SmartBackendKeys } from '../src/index.js';
import type { Jwk, SMARTBackendAuth, SmartBackendOptions, SupportedAlg } from '../src/index.js';

export const clientId = 'the-service';
export const minuteMs = 60_000;

const stops: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Runs `stop` after the test. */
export function afterwards(stop: () => unknown): void {
  stops.push(stop);
}

/** A new key pair; RSA takes a moment, so a file makes it once. */
export function keyPair(alg: SupportedAlg, kid: string): SmartBackendKeys {
  const { privateKey } = alg === 'ES384' ? ecKeyPair('P-384') : rsaKeyPair();
  return new SmartBackendKeys({ privateJwk: privateKey.export({ format: 'jwk' }) as Jwk, kid });
}

/** This file's own. */
export const esKey: SmartBackendKeys = keyPair('ES384', 'es-key');

/** A client whose public keys, read from their PEM by node:crypto, were handed over. */
export function registration(...keys: readonly SmartBackendKeys[]): SmartClientRegistration {
  const jwks = keys.map(({ publicKeyPem, kid, alg }) => ({
    ...createPublicKey(publicKeyPem).export({ format: 'jwk' }),
    kid,
    alg,
  }));
  return { clientId, jwks: { keys: jwks } };
}

export async function smartServer(options?: SmartServerOptions): Promise<SmartServer> {
  const server = await startSmartServer(options);
  afterwards(() => server.stop());
  return server;
}

export async function loopback(handle: LoopbackHandler): Promise<LoopbackServer> {
  const server = await startLoopback(handle);
  afterwards(() => server.stop());
  return server;
}

export interface WorldOptions {
  /** Its clock is the client's unless given. */
  readonly server?: SmartServerOptions;
  readonly options?: Partial<Omit<SmartBackendOptions, 'clientId'>> & { readonly clientId?: string };
  readonly clock?: ManualClock;
  readonly config?: CreateAxiosDefaults;
}

export interface World {
  readonly server: SmartServer;
  readonly clock: ManualClock;
  readonly events: readonly AuthEvent[];
  /** What the client was made of. */
  readonly options: SmartBackendOptions & { readonly clientId: string };
  readonly client: ReturnType<typeof createSmartBackendClient>;
  /** The client's source. */
  readonly auth: SMARTBackendAuth;
}

/** A server, and a client that is registered with it by `esKey`. */
export async function world(given: WorldOptions = {}): Promise<World> {
  const { clock = new ManualClock() } = given;
  const server = await smartServer({ clock, clients: [registration(esKey)], ...given.server });
  const events: AuthEvent[] = [];
  const options: World['options'] = {
    baseUrl: server.baseUrl,
    clientId,
    scope: 'system/*.rs',
    keys: esKey,
    clock,
    observer: (event) => events.push(event),
    ...given.options,
  };
  const client = createSmartBackendClient(options, given.config);
  return { server, clock, events, options, client, auth: client.auth };
}

/** One token, one acquisition, without an authorizer that repeats or rests. */
export function authorize(auth: SMARTBackendAuth, signal = new AbortController().signal): Promise<Token> {
  return auth.authorize({ signal });
}

/** What the observer was told in words. */
export function notices({ events }: Pick<World, 'events'>): readonly string[] {
  return events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
}

export function tokenRequests({ requests }: SmartServer): readonly Received[] {
  return requests.filter(({ url }) => url.startsWith('/auth/token'));
}

export function formOf({ body }: Received): URLSearchParams {
  return new URLSearchParams(body.toString());
}

export function jtisOf({ assertions }: SmartServer): readonly unknown[] {
  return assertions.map(({ claims }) => claims['jti']);
}

/** Of ours, or of axios with the answer that it is about. */
export type Failure = AuthenticationError & { readonly response?: AxiosResponse<unknown> };

/** What the promise is rejected with. */
export function failureOf(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => Promise.reject(new Error('It should have failed, and did not')),
    (error: Failure) => error,
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
