// What the tests of signing in and refreshing have in common: a pool on loopback that ends with its test, an authorizer
// of its user, an API behind both, and time by which all of them go.
import { systemClock } from '@axios-authorizer/core/extend';
import { ManualClock, startCognitoApi, startCognitoPool, startLoopback, until } from '@axios-authorizer/test-kit';
import type { AuthEvent, AuthorizedClient, ClientInfo } from '@axios-authorizer/core';
import type {
  CognitoApiOptions,
  CognitoOperation,
  CognitoPool,
  CognitoPoolOptions,
  CognitoPoolUser,
  LoopbackHandler,
  LoopbackServer,
  ResourceServer,
} from '@axios-authorizer/test-kit';
import type { CreateAxiosDefaults } from 'axios';
import { createCognitoClient, SRPAuthorizer } from '../src/index.js';
import type { ChallengeRequiredError, CognitoError, SRPAuthorizerOptions } from '../src/index.js';

export const clientId = 'test-client';
export const minuteMs = 60_000;

/** Who is in every pool that is not told otherwise. */
export const alice: CognitoPoolUser = { username: 'alice', password: 'Correct-Horse-1', email: 'alice@example.org' };

const stops: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Runs `stop` after the test. */
export function afterwards(stop: () => unknown): void {
  stops.push(stop);
}

export async function loopback(handle: LoopbackHandler): Promise<LoopbackServer> {
  const server = await startLoopback(handle);
  afterwards(() => server.stop());
  return server;
}

export interface WorldOptions {
  /** Besides `alice`, or what is said of her. */
  readonly user?: Partial<CognitoPoolUser>;
  /** Its clock is the authorizer's unless given. */
  readonly pool?: CognitoPoolOptions;
  readonly client?: Partial<ClientInfo>;
  readonly options?: Partial<SRPAuthorizerOptions>;
  /** 'system': both sides go by real time, and `World.clock` is paused. Default: a `ManualClock`. */
  readonly clock?: ManualClock | 'system';
}

export interface World {
  readonly pool: CognitoPool;
  readonly clock: ManualClock;
  readonly events: readonly AuthEvent[];
  readonly clientInfo: ClientInfo;
  /** What the authorizer was made of. */
  readonly options: SRPAuthorizerOptions;
  readonly authorizer: SRPAuthorizer;
}

/** A pool with one user, and an authorizer that knows the password. */
export async function world(given: WorldOptions = {}): Promise<World> {
  const user = { ...alice, ...given.user };
  const clock = given.clock instanceof ManualClock ? given.clock : new ManualClock();
  const time = given.clock === 'system' ? systemClock : clock;
  const clientInfo = { clientId, ...given.client };
  const { clientSecret } = clientInfo;
  const known = { clientId: clientInfo.clientId, ...(typeof clientSecret === 'string' && { clientSecret }) };
  const pool = await startCognitoPool({ clock: time, clients: [known], users: [user], ...given.pool });
  afterwards(() => pool.stop());
  const events: AuthEvent[] = [];
  const options: SRPAuthorizerOptions = {
    userPoolId: pool.poolId,
    endpoint: pool.endpoint,
    username: user.username,
    password: user.password,
    clock: time,
    observer: (event) => events.push(event),
    ...given.options,
  };
  return { pool, clock, events, clientInfo, options, authorizer: new SRPAuthorizer(clientInfo, options) };
}

/** Another authorizer of the same user and pool, as a new process would make it; `undefined` takes an option away. */
export function another(
  { clientInfo, options }: Pick<World, 'clientInfo' | 'options'>,
  changes: Partial<SRPAuthorizerOptions> = {},
): SRPAuthorizer {
  return new SRPAuthorizer(clientInfo, { ...options, ...changes });
}

export interface Front {
  readonly api: ResourceServer;
  /** An axios client of the API, with an authorizer of its own. */
  readonly client: AuthorizedClient<SRPAuthorizer>;
}

/** An API behind the world's pool, and a client of it. */
export async function front(
  { pool, clientInfo, options }: Pick<World, 'pool' | 'clientInfo' | 'options'>,
  given: { readonly api?: CognitoApiOptions; readonly config?: CreateAxiosDefaults } = {},
): Promise<Front> {
  const api = await startCognitoApi(pool, given.api);
  afterwards(() => api.stop());
  return { api, client: createCognitoClient({ ...options, clientInfo }, { baseURL: api.origin, ...given.config }) };
}

/** What was asked, in order. */
export function asked({ operations }: Pick<CognitoPool, 'operations'>): readonly string[] {
  return operations.map(({ name, body }) => {
    const { AuthFlow, ChallengeName } = body;
    const detail = [AuthFlow, ChallengeName].find((value) => typeof value === 'string');
    return detail === undefined ? name : `${name} ${detail}`;
  });
}

/** The texts in AuthParameters or ChallengeResponses of an operation. */
export function textsOf(operation: CognitoOperation | undefined): Readonly<Record<string, string>> {
  const { AuthParameters, ChallengeResponses } = operation?.body ?? {};
  return (AuthParameters ?? ChallengeResponses ?? {}) as Readonly<Record<string, string>>;
}

/** What the observer was told in words. */
export function notices({ events }: Pick<World, 'events'>): readonly string[] {
  return events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
}

/** Of ours, of the pool's exceptions, or a challenge that nobody answers. */
export type Failure = CognitoError & Pick<ChallengeRequiredError, 'challenge' | 'challengeName' | 'refusal'>;

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
