// What the tests of the production database have in common: its login service and itself on loopback, which end with the
// test, a user of it, a session of that user, and time by which all of them go.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@axios-authorizer/core/extend';
import { ManualClock, startItkdb, startLoopback, until } from '@axios-authorizer/test-kit';
import type { AuthEvent, AuthenticationError } from '@axios-authorizer/core';
import type { Itkdb, ItkdbOptions, LoopbackHandler, LoopbackServer } from '@axios-authorizer/test-kit';
import type { CreateAxiosDefaults } from 'axios';
import { Session, User } from '../src/index.js';
import type { LoginError, ResponseException, SessionOptions, UserOptions } from '../src/index.js';

export const minuteMs = 60_000;
/** The life of an id token, unless a test says otherwise. */
export const lifeMs = 1_800_000;

/** The codes of the user who is in every world that is not told otherwise. */
export const codes = { accessCode1: 'code-1', accessCode2: 'code-2' } as const;
export const identity = '12-3456-1';

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

/** A folder of its own for the test, gone afterwards. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'itkdb-user-'));
  afterwards(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

/** The environment with `changes` (undefined: not set) until the end of the test. */
export function environment(changes: Readonly<Record<string, string | undefined>>): void {
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]));
  afterwards(() => setEnvironment(before));
  setEnvironment(changes);
}

function setEnvironment(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

// No test depends on what the machine that it runs on has set.
beforeEach(() => {
  const named = Object.keys(process.env).filter((name) => name.startsWith('ITKDB_'));
  environment(Object.fromEntries(named.map((name) => [name, undefined])));
});

export interface WorldOptions {
  /** Its clock is the user's unless given. */
  readonly itkdb?: ItkdbOptions;
  readonly user?: UserOptions;
  readonly session?: SessionOptions;
  readonly config?: CreateAxiosDefaults;
  /** 'system': all sides go by real time, and `World.clock` is paused. Default: a `ManualClock`. */
  readonly clock?: ManualClock | 'system';
}

export interface World {
  readonly itkdb: Itkdb;
  readonly clock: ManualClock;
  /** What the observer of the user and the session was told. */
  readonly events: readonly AuthEvent[];
  /** What the user was made of. */
  readonly options: UserOptions;
  readonly user: User;
  readonly session: Session;
}

/** The database with one user, who knows the codes, and a session of that user; nothing has been sent. */
export async function world(given: WorldOptions = {}): Promise<World> {
  const clock = given.clock instanceof ManualClock ? given.clock : new ManualClock();
  const time = given.clock === 'system' ? systemClock : clock;
  const itkdb = await startItkdb({ clock: time, ...given.itkdb });
  afterwards(() => itkdb.stop());
  const events: AuthEvent[] = [];
  const observer = (event: AuthEvent): void => void events.push(event);
  const options: UserOptions = { ...codes, prefixUrl: itkdb.authUrl, clock: time, observer, ...given.user };
  const user = new User(options);
  const session = new Session({ user, prefixUrl: itkdb.apiUrl, observer, ...given.session }, given.config);
  return { itkdb, clock, events, options, user, session };
}

/** Another user of the same service, as a new process would make it; `undefined` takes an option away. */
export function another({ options }: Pick<World, 'options'>, changes: UserOptions = {}): User {
  return new User({ ...options, ...changes });
}

/** A further session of the same world. */
export function anotherSession(
  { itkdb, user, options }: Pick<World, 'itkdb' | 'user' | 'options'>,
  changes: SessionOptions = {},
  config: CreateAxiosDefaults = {},
): Session {
  const { observer } = options;
  return new Session({ user, prefixUrl: itkdb.apiUrl, observer, ...changes }, config);
}

/** What the observer was told in words. */
export function notices({ events }: Pick<World, 'events'>): readonly string[] {
  return events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
}

/** Whatever of ours a promise is rejected with. */
export type Failure = AuthenticationError &
  Pick<LoginError, 'errorMap'> &
  Pick<ResponseException, 'response'> & { readonly status: number };

/** What the promise is rejected with. */
export function failureOf(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => Promise.reject(new Error('It should have failed, and did not')),
    (error: Failure) => error,
  );
}

/** The reading of keys has a limit of its own, which is no reason for time to pass. */
const KEYS_LIMIT_MS = 10_000;

/** `work`, letting time pass only while something sleeps beside the limits of the acquisition and of reading keys. */
export async function passing<R>(clock: ManualClock, work: Promise<R>): Promise<R> {
  const progress = { over: false };
  const end = (): void => void (progress.over = true);
  work.then(end, end);
  while (!progress.over) {
    const isSleeping = (): boolean => clock.sleepers > 1 && clock.nextInMs < KEYS_LIMIT_MS;
    await until(() => progress.over || isSleeping(), 'an answer or a sleep');
    if (!progress.over) await clock.advance(100);
  }
  return work;
}
