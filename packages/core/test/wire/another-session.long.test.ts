// Logins, requests, 401s and retries at random, in two tabs over one store: is one person's request ever sent by another?
import { join } from 'node:path';
import axiosRetry from 'axios-retry';
import type { Answer } from '@axios-authorizer/test-kit';
import { Authorizer, memoryTokenStore } from '../../src/index.js';
import type { TokenStore } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from '../stores/folder.js';
import { Keyboard, rejected, seen, startDesk } from './desk.js';
import { stage, statusOf, upTo } from './world.js';

const play = stage();

/** Two stores of one token, as two processes have them. */
async function filesOfOne(): Promise<readonly [TokenStore, TokenStore]> {
  const path = join(await temporaryFolder(), 'token.json');
  return [fileTokenStore(path), fileTokenStore(path)];
}

async function memoryOfBoth(): Promise<readonly [TokenStore, TokenStore]> {
  const store = memoryTokenStore();
  return [store, store];
}

it.each([
  ['http', 'in memory', memoryOfBoth],
  ['fetch', 'in memory', memoryOfBoth],
  ['http', 'in a file', filesOfOne],
] as const)(
  'in a thousand rounds over the %s adapter none of one person’s requests is sent by another, the token kept %s (C12, C17, C18)',
  async (adapter, _where, made) => {
    const [store, theirs] = await made();
    const scene = await startDesk(play, adapter, { store });
    const elsewhere = new Authorizer(new Keyboard(), { store: theirs });
    axiosRetry(scene.client, { retries: 2, retryDelay: () => Math.random() * 3, retryCondition: () => true });
    let person = 'person0';
    await scene.auth.setToken({ accessToken: `${person}-0`, refreshToken: person });
    for (let round = 1; round <= 1_000; round += 1) {
      scene.api.next(...upTo(3).map(randomAnswer));
      const sent = upTo(3).map(() => statusOf(scene.client.post('/orders', person)).catch(() => undefined));
      await turns(1 + Math.floor(Math.random() * 30));
      person = `person${round}`;
      const token = { accessToken: `${person}-0`, refreshToken: person };
      if (round % 3 === 0) await scene.auth.logout();
      await (round % 2 === 0 ? scene.auth : elsewhere).setToken(token);
      if (round % 2 !== 0) await scene.auth.getToken({ force: true }).catch(() => undefined);
      await Promise.all(sent);
    }
    const strangers = seen(scene.api).filter((line) => !/^(\w+): \1$/.test(line));
    expect(strangers).toEqual([]);
    expect(scene.api.requests.length).toBeGreaterThan(3_000);
  },
  120_000,
);

function randomAnswer(): Answer | undefined {
  const answers = [rejected, { status: 503 }, { reset: true }, undefined] as const;
  return answers[Math.floor(Math.random() * answers.length)];
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
