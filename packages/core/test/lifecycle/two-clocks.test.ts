// Two machines share a store, and their clocks differ: does each refresh what the other has saved?
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@axios-authorizer/test-kit';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, memoryTokenStore, passwordSource } from '../../src/index.js';
import type { TokenStore } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { ScriptedStore } from './scripted-store.js';
import { at, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();
const lifeS = 100;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'two-clocks-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A store for each of two machines, on the same place. */
const stores: readonly (readonly [string, () => readonly [TokenStore, TokenStore]])[] = [
  ['memory', () => twice(memoryTokenStore())],
  ['a user’s plain store', () => twice(new ScriptedStore())],
  ['a user’s store with a lease', () => twice(new ScriptedStore().withLease())],
  ['a file', () => {
    const path = join(folder, `${Math.random()}.json`);
    return [fileTokenStore(path), fileTokenStore(path)];
  }], // prettier-ignore
];

function twice(store: TokenStore): readonly [TokenStore, TokenStore] {
  return [store, store];
}

function presented({ bodies }: TokenEndpoint): readonly (string | null)[] {
  return bodies.map((body) => body.get('refresh_token'));
}

describe.each(stores)('over %s', (_name, makeStores) => {
  it.each([5_000, -5_000, 3_600_000])(
    'with clocks %d ms apart each refresh presents the token that the other has saved (C6)',
    async (aheadMs) => {
      const clocks = [new ManualClock(Date.UTC(2026, 0, 1) + aheadMs), new ManualClock()] as const;
      const idp = await start({ clock: clocks[1], expiresIn: lifeS, refreshTokens: 'rotating' });
      const [one, other] = makeStores().map((store, index) => {
        const clock = clocks[index] ?? clocks[0];
        return new Authorizer(passwordSource({ ...at(idp, clock), username: 'u', password: 'p' }), { clock, store });
      }) as [Authorizer, Authorizer];
      await one.getToken();
      await other.getToken();
      for (const next of [one, other, one, one, other, one, other, other]) {
        for (const clock of clocks) clock.set(clock.now() + lifeS * 1_000);
        await next.getToken({ force: true });
      }
      expect([idp.reuses, idp.familyAlive]).toEqual([0, true]);
      expect(presented(idp).slice(-8)).toEqual(Array.from({ length: 8 }, (_, index) => `refresh-${index + 1}`));
    },
  );
});

it('a save that timed out and has landed all the same is found there, and nothing is presented twice (C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: lifeS, refreshTokens: 'rotating' });
  const store = new ScriptedStore();
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  const auth = new Authorizer(source, { clock, store });
  await auth.getToken();
  clock.set(clock.now() + lifeS * 1_000);
  const plain = store.save.bind(store);
  store.save = (token) => {
    store.kept = token;
    return Promise.reject(new Error('the answer was lost'));
  };
  await auth.getToken();
  store.save = plain;
  clock.set(clock.now() + lifeS * 1_000);
  await auth.getToken();
  expect(presented(idp)).toEqual([null, 'refresh-1', 'refresh-2']);
  expect([idp.reuses, store.kept?.refreshToken]).toEqual([0, 'refresh-3']);
});
