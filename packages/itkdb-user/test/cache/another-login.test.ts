// What becomes of a question to the cache when somebody else logs in before it is answered: nobody sees, and nothing keeps,
// the answer of another.
import axiosRetry from 'axios-retry';
import { buildStorage } from 'axios-cache-interceptor';
import type { AxiosStorage, NotEmptyStorageValue } from 'axios-cache-interceptor';
import type { Gate } from '@axios-authorizer/test-kit';
import axios from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { gate, until } from '@axios-authorizer/test-kit';
import type { ItkToken } from '../../src/index.js';
import { failureOf, world } from '../stage.js';
import type { World } from '../stage.js';
import { ask } from './stage.js';

const url = 'cache-control/max-age=60';

interface SlowStorage extends AxiosStorage {
  /** What is read from now on is read when the result is opened. */
  readonly hold: () => Gate;
  readonly reads: () => number;
}

function slowStorage(): SlowStorage {
  const entries = new Map<string, NotEmptyStorageValue>();
  let held: Promise<void> | undefined;
  let reads = 0;
  const storage = buildStorage({
    find: async (key) => {
      reads += 1;
      await held;
      return entries.get(key);
    },
    set: (key, value) => void entries.set(key, value),
    remove: (key) => void entries.delete(key),
  });
  const hold = (): Gate => {
    const door = gate();
    held = door.opened;
    return door;
  };
  return { ...storage, hold, reads: () => reads };
}

/** A login of somebody, as a program may bring it. */
function loginOf({ itkdb, clock }: World, identity: string): ItkToken {
  const idToken = itkdb.tokenWith({ uuidentity: identity, sub: identity });
  const expiresAt = new Date(clock.now() + 1_800_000);
  return { accessToken: `of-${identity}`, idToken, identity, name: identity, audience: '', expiresAt };
}

interface Stage extends World {
  readonly storage: SlowStorage;
  readonly signIn: (identity: string) => Promise<void>;
}

async function stage(): Promise<Stage> {
  const storage = slowStorage();
  const here = await world({ session: { cache: storage, expiresAfter: { hours: 1 } } });
  const { authorizer } = here.user;
  return { ...here, storage, signIn: (identity) => authorizer.setToken(loginOf(here, identity)) };
}

const asked = async ({ session }: World): Promise<unknown> => (await ask(session, url)).data['askedBy'];

describe.each([
  ['nobody was logged in when it began', false],
  ['its user was logged in when it began', true],
])('a login of another while the storage is read: %s', (_when, isEarly) => {
  const changes: readonly (readonly [string, (here: Stage) => Promise<void>])[] = [
    ['the other logs in', ({ signIn }) => signIn('22-2222-2')],
    [
      'a logout, and the other logs in',
      async ({ user, signIn }) => (await user.authorizer.logout(), await signIn('22-2222-2')),
    ],
    [
      'the other logs in, and the first again',
      async ({ signIn }) => (await signIn('22-2222-2'), await signIn('12-3456-1')),
    ],
  ];
  it.each(changes)('%s: the request fails, and nothing is kept of it (I3, C17)', async (_what, change) => {
    const here = await stage();
    if (isEarly) await here.user.authenticate();
    const door = here.storage.hold();
    const answer = failureOf(ask(here.session, url));
    await until(() => here.storage.reads() > 0, 'a look into the storage');
    await change(here);
    door.open();
    expect(await answer).toMatchObject({ code: 'logged_out', kind: 'session' });
    expect(here.itkdb.api.requests).toEqual([]);
    await here.signIn('12-3456-1');
    expect(await asked(here)).toBe('12-3456-1');
    await here.signIn('22-2222-2');
    expect(await asked(here)).toBe('22-2222-2');
  });
});

it("what is kept for one user is not shown to a request that waited until another's login (I3, C17)", async () => {
  const here = await stage();
  expect(await asked(here)).toBe('12-3456-1');
  const door = here.storage.hold();
  const seen = here.storage.reads();
  const before = failureOf(ask(here.session, url));
  await until(() => here.storage.reads() > seen, 'a look into the storage');
  await here.signIn('22-2222-2');
  door.open();
  expect(await before).toMatchObject({ code: 'logged_out' });
});

it('a request that an interceptor keeps waiting is not answered out of what another asked (I3, C17)', async () => {
  const here = await stage();
  await here.signIn('22-2222-2');
  expect(await asked(here)).toBe('22-2222-2');
  await here.signIn('12-3456-1');
  const [arrived, door] = [gate(), gate()];
  const isLast = { legacyInterceptorReqResOrdering: false };
  const slow = async (config: InternalAxiosRequestConfig): Promise<InternalAxiosRequestConfig> => {
    arrived.open();
    await door.opened;
    return config;
  };
  here.session.interceptors.request.use(slow, null, {
    runWhen: ({ transitional }) => transitional?.legacyInterceptorReqResOrdering === false,
  });
  const before = failureOf(ask(here.session, url, { transitional: isLast }));
  await arrived.opened;
  await here.signIn('22-2222-2');
  door.open();
  expect(await before).toMatchObject({ code: 'logged_out' });
});

it('an answer that comes after a logout is handed over, and not kept (I3, I7)', async () => {
  const here = await stage();
  await here.user.authenticate();
  const sending = async (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    const response = await axios.getAdapter('http')(config);
    await here.signIn('22-2222-2');
    return response;
  };
  const { data } = await ask(here.session, url, { adapter: sending });
  expect(data['askedBy']).toBe('12-3456-1');
  expect(await asked(here)).toBe('22-2222-2');
  await here.signIn('12-3456-1');
  await asked(here);
  expect(here.itkdb.api.requests).toHaveLength(3);
});

it('a retry by axios-retry is not answered out of what another asked meanwhile (I3, C17)', async () => {
  const here = await stage();
  await here.signIn('12-3456-1');
  const onRetry = async (): Promise<void> => {
    await here.signIn('22-2222-2');
    await asked(here);
  };
  axiosRetry(here.session, { retries: 1, retryDelay: () => 0, onRetry });
  here.itkdb.nextApi({ status: 503, json: {} });
  expect(await failureOf(ask(here.session, url))).toMatchObject({ code: 'logged_out' });
});
