// Many users over many lives of their logins, keys that rotate meanwhile, and logins that end before their time.
import { until } from '@axios-authorizer/test-kit';
import { another, lifeMs, world } from '../stage.js';
import { Session } from '../../src/index.js';
import type { AuthEvent } from '@axios-authorizer/core';
import type { ItkdbUser } from '@axios-authorizer/test-kit';
import type { World } from '../stage.js';
import type { User } from '../../src/index.js';

const people: readonly ItkdbUser[] = Array.from({ length: 50 }, (_, index) => ({
  accessCode1: `first-${index}`,
  accessCode2: `second-${index}`,
  identity: `12-${index}-1`,
  name: `User ${index}`,
}));

interface Crowd extends World {
  readonly users: readonly User[];
  readonly sessions: readonly Session[];
}

async function crowd(): Promise<Crowd> {
  const here = await world({ itkdb: { users: people } });
  const users = people.map(({ accessCode1, accessCode2 }) => another(here, { accessCode1, accessCode2 }));
  const sessions = users.map((user) => new Session({ user, prefixUrl: here.itkdb.apiUrl }));
  return { ...here, users, sessions };
}

/** Each user asks twice at once, and then whatever has begun in the background ends. */
async function round(here: Crowd): Promise<void> {
  const { sessions } = here;
  const asked = [...sessions, ...sessions].map((session) => session.get('getComponent', { data: { component: 'c0' } }));
  const answers = (await Promise.all(asked)) as readonly { readonly data: { readonly askedBy: string } }[];
  expect(answers.map(({ data }) => data.askedBy)).toEqual([...people, ...people].map(({ identity }) => identity));
  await until(() => told(here, 'acquiring') === told(here, 'acquired') + told(here, 'failed'), 'logins to end');
}

function told({ events }: World, type: AuthEvent['type']): number {
  return events.filter((event) => event.type === type).length;
}

/** How often each user has logged in. */
function loginsOf({ itkdb }: World): ReadonlyMap<string, number> {
  const codes = itkdb.login.requests.flatMap(({ method, body }) =>
    method === 'POST' ? [(JSON.parse(body.toString()) as { readonly accessCode1: string }).accessCode1] : [],
  );
  return new Map(people.map(({ accessCode1 }) => [accessCode1, codes.filter((code) => code === accessCode1).length]));
}

it('fifty users over 2,000 s with tokens of 1,800 s: each logs in once per expiry, and no request fails (I1)', async () => {
  const here = await crowd();
  const { itkdb, clock } = here;
  for (let second = 0; second <= 2_000; second += 200) {
    await round(here);
    if (second === 1_000) {
      itkdb.rotateKeys();
      itkdb.dropOldKeys();
    }
    clock.set(clock.now() + 200_000);
  }
  expect([...loginsOf(here).values()]).toEqual(people.map(() => 2));
  expect([itkdb.logins, told(here, 'failed')]).toEqual([100, 0]);
  expect(itkdb.keyReads).toBe(100);
  expect(itkdb.api.count('getComponent')).toBe(11 * 100);
});

it('who asks nothing for long logs in once when the login has ended (I1)', async () => {
  const here = await crowd();
  await round(here);
  here.clock.set(here.clock.now() + 2 * lifeMs);
  await round(here);
  expect([...loginsOf(here).values()]).toEqual(people.map(() => 2));
});

it('the key set is read once for many logins under one key, and once more for a new key (I1)', async () => {
  const { user, itkdb, clock } = await world();
  for (let login = 0; login < 5; login += 1) await user.authorizer.getToken({ force: true });
  expect([itkdb.logins, itkdb.keyReads]).toEqual([5, 1]);
  itkdb.rotateKeys();
  itkdb.dropOldKeys();
  clock.set(clock.now() + 60_000);
  await user.authorizer.getToken({ force: true });
  expect([itkdb.logins, itkdb.keyReads]).toEqual([6, 2]);
});

it('a key that rotates within a minute of the last reading fails no login (I1)', async () => {
  const { user, itkdb, clock } = await world();
  await user.authenticate();
  itkdb.rotateKeys();
  clock.set(clock.now() + 1_000);
  await user.authorizer.getToken({ force: true });
  expect(itkdb.valid(user.bearer)).toBe(true);
});

it.each([
  ['revoked (401)', (here: World) => here.itkdb.revokeAll()],
  ['taken for garbage (500, a signature)', (here: World) => here.itkdb.nextApi(unreadable)],
])('a bearer that is %s is replaced once, for all who were refused (I1)', async (_how, refuse) => {
  const here = await world();
  const { session, itkdb, user } = here;
  await session.get('listInstitutions');
  const old = user.bearer;
  refuse(here);
  const answers = await Promise.all(Array.from({ length: 20 }, () => session.get('listInstitutions')));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(itkdb.logins).toBe(2);
  expect(user.bearer).not.toBe(old);
});

/** What a garbage bearer gets. */
const unreadable = {
  status: 500,
  json: {
    uuAppErrorMap: { 'uu-app-server/internalServerError': { type: 'error', message: 'Signature verification raised' } },
  },
} as const;
