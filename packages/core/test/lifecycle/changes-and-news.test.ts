// While the program signs out or brings a token, others' news and anonymous requests look into the store: what do they find?
import { gate } from '@axios-authorizer/test-kit';
import { webTokenStore } from '../../src/browser/index.js';
import { authorizedFetch } from '../../src/fetch/index.js';
import {
  AuthenticationError,
  Authorizer,
  AuthorizerPool,
  isAuthenticationError,
  memoryTokenStore,
} from '../../src/index.js';
import type { AuthEvent, Token, TokenStore } from '../../src/index.js';
import { execSource } from '../../src/node/index.js';
import { inspect } from 'node:util';

const ORIGIN = 'https://api.example.org';

/** A fetch that answers everything and remembers what it was sent. */
function recorder(): { readonly sent: (string | null)[]; readonly fetch: typeof fetch } {
  const sent: (string | null)[] = [];
  return {
    sent,
    fetch: async (_input, init) => {
      sent.push(new Headers(init?.headers).get('authorization'));
      return new Response('ok');
    },
  };
}

function notices(events: readonly AuthEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
}

/** A store whose second save, and whose clearing, wait until they are let through; others tell by `tell`. */
function slowStore(): { readonly store: TokenStore; readonly letThrough: () => void; readonly tell: () => void } {
  let held: Token | undefined;
  let changed: (() => void) | undefined;
  const { opened, open } = gate();
  const store: TokenStore = {
    load: async () => held,
    save: async (token) => {
      if (held) await opened;
      held = token;
    },
    clear: async () => {
      await opened;
      held = undefined;
    },
    subscribe: (told) => {
      changed = told;
      return () => undefined;
    },
  };
  return { store, letThrough: open, tell: () => changed?.() };
}

async function afterwards(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

it('an anonymous request while a sign-out runs carries no token, and brings none back (C17, C18)', async () => {
  const { store, letThrough } = slowStore();
  const authorizer = new Authorizer(async () => 'of-ada', { store });
  await authorizer.getToken();
  const { sent, fetch } = recorder();
  const anonymous = authorizedFetch(authorizer, { allow: ORIGIN, signedOut: 'anonymous', fetch });
  const over = authorizer.logout();
  const answered = anonymous(`${ORIGIN}/public`);
  await afterwards();
  letThrough();
  await Promise.all([over, answered]);
  expect([sent, authorizer.accessToken, authorizer.authenticated]).toEqual([[null], undefined, false]);
});

it('news while a sign-out runs brings no token back (C17, C18)', async () => {
  const { store, letThrough, tell } = slowStore();
  const authorizer = new Authorizer(async () => 'of-ada', { store });
  await authorizer.getToken();
  const over = authorizer.logout();
  tell();
  await afterwards();
  letThrough();
  await over;
  await afterwards();
  expect([authorizer.accessToken, authorizer.authenticated]).toEqual([undefined, false]);
});

it('a request that follows setToken waits for it, whatever others tell meanwhile (C17)', async () => {
  const { store, letThrough, tell } = slowStore();
  const authorizer = new Authorizer(async () => 'of-ada', { store });
  await authorizer.getToken();
  const { sent, fetch } = recorder();
  const authorized = authorizedFetch(authorizer, { allow: ORIGIN, fetch });
  const set = authorizer.setToken({ accessToken: 'of-bob' });
  tell();
  await afterwards();
  const answered = authorized(`${ORIGIN}/items`);
  await afterwards();
  letThrough();
  await Promise.all([set, answered]);
  expect(sent).toEqual(['Bearer of-bob']);
});

it('a store that cannot work here fails setToken, and no token is held (C21)', async () => {
  const authorizer = new Authorizer(async () => 'x', { store: webTokenStore({ name: 'reports' }) });
  await expect(authorizer.setToken({ accessToken: 'of-ada' })).rejects.toMatchObject({ kind: 'configuration' });
  expect(authorizer.accessToken).toBeUndefined();
});

describe('a store whose `subscribe` takes its time (C13, C18)', () => {
  const listening = async (subscribe: TokenStore['subscribe'] | (() => Promise<unknown>)): Promise<AuthEvent[]> => {
    const events: AuthEvent[] = [];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a store of somebody who did not read the type
    const store = { ...memoryTokenStore(), subscribe } as TokenStore;
    const authorizer = new Authorizer(async () => 'x', { store, observer: (event) => events.push(event) });
    await authorizer.getToken();
    await new Promise((resolve) => setImmediate(resolve));
    authorizer.close();
    await new Promise((resolve) => setImmediate(resolve));
    return events;
  };

  it('and rejects is a notice, and no unhandled rejection', async () => {
    const events = await listening(() => Promise.reject(new TypeError('redis is away')));
    expect(notices(events)).toEqual([expect.stringContaining('tells no news (TypeError)')]);
  });

  it('and resolves is unsubscribed from all the same', async () => {
    let ended = 0;
    const events = await listening(() => Promise.resolve(() => (ended += 1)));
    expect([ended, notices(events)]).toEqual([1, []]);
  });
});

it('what a failing `onSessionEnd` says is told without the tokens of the session (C11, C18)', async () => {
  const events: AuthEvent[] = [];
  const initialToken: Token = {
    accessToken: 'access-secret-1',
    refreshToken: 'refresh-secret-1',
    expiresAt: new Date(0),
  };
  const over = new AuthenticationError('The session is over', { code: 'not_authenticated', kind: 'session' });
  const authorizer = new Authorizer(
    {
      authorize: () => Promise.reject(over),
      refresh: () => Promise.reject(over),
    },
    {
      initialToken,
      observer: (event) => events.push(event),
      onSessionEnd: () => {
        throw new Error('POST failed: access-secret-1 refresh-secret-1');
      },
    },
  );
  await authorizer.getToken().catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  const told = notices(events).join('\n');
  expect(told).toContain('onSessionEnd failed');
  expect(told).not.toMatch(/secret-1/);
});

it('a pool as the authorizer of a request is a ConfigurationError, never anonymous (C18, C20)', async () => {
  const pool = new AuthorizerPool(() => new Authorizer(async () => 't'));
  const { sent, fetch } = recorder();
  const anonymous = authorizedFetch(pool, { allow: ORIGIN, key: () => 'a', signedOut: 'anonymous', fetch });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JavaScript lets through
  const authorizer = pool as unknown as Authorizer;
  await expect(anonymous(`${ORIGIN}/x`, { authorizer })).rejects.toMatchObject({ kind: 'configuration' });
  expect(sent).toEqual([]);
});

it('an init whose members are inherited keeps them where the request goes without a token (C22)', async () => {
  class Deletion {
    authorizer = false as const;
    get method(): string {
      return 'DELETE';
    }
  }
  const methods: unknown[] = [];
  const authorized = authorizedFetch(new Authorizer(async () => 't'), {
    allow: ORIGIN,
    fetch: async (_input, init) => {
      methods.push(init?.method);
      return new Response('ok');
    },
  });
  await authorized(`${ORIGIN}/x`, new Deletion());
  expect(methods).toEqual(['DELETE']);
});

describe('execSource (C11, C27)', () => {
  it('refuses a NUL in the environment without its value', () => {
    const make = (): unknown => execSource({ command: 'true', env: { API_SECRET: 's3cr3t-value\0' } });
    expect(make).toThrow('must hold no NUL');
    expect(make).not.toThrow('s3cr3t-value');
  });

  it('shows no arguments of a program that is not found', async () => {
    const authorizer = new Authorizer(execSource({ command: '/nonexistent', args: ['--password', 'hunter2-secret'] }));
    const failure: unknown = await authorizer.getToken().catch((error: unknown) => error);
    expect(isAuthenticationError(failure)).toBe(true);
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('hunter2-secret');
  });
});
