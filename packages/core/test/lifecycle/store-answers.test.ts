// A user's store answers with what no store should, or fails where a token is dropped: does the session go on?
import { ManualClock } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer } from '../../src/index.js';
import type { Token, TokenStore } from '../../src/index.js';
import { ScriptedStore } from './scripted-store.js';

it.each<readonly [string, unknown]>([
  ["'OK', as redis says", 'OK'],
  ['true', true],
  ['a number', 1],
  ['null', null],
  ['an object that is no token', { ok: true }],
  ['a token that cannot be sent', { accessToken: '' }],
])('a save that resolves with %s changes nothing (C6)', async (_what, answer) => {
  const store: TokenStore = { ...new ScriptedStore().withLease(), save: () => Promise.resolve(answer as undefined) };
  const told: Token[] = [];
  const onToken = (token: Token): void => void told.push(token);
  const auth = new Authorizer(() => Promise.resolve('new'), { clock: new ManualClock(), store, onToken });
  expect(await auth.getToken()).toMatchObject({ accessToken: 'new' });
  expect([auth.accessToken, auth.authenticated, told[0]?.accessToken]).toEqual(['new', true, 'new']);
});

it.each(['clear', 'save'] as const)(
  'a store whose %s fails while a dead refresh token is dropped does not keep authorize from being asked (C5)',
  async (call) => {
    const asked: string[] = [];
    const store = new ScriptedStore();
    store.on(call, () => Promise.reject(new Error('read-only disk')));
    const source = {
      authorize: (): Promise<Token> => Promise.resolve({ accessToken: `signed-in-${asked.push('authorize')}` }),
      refresh: (): Promise<Token> => {
        asked.push('refresh');
        return Promise.reject(new AuthenticationError('over', { code: 'token_endpoint', kind: 'session' }));
      },
    };
    const options = { clock: new ManualClock(), store, initialToken: { refreshToken: 'dead' } };
    expect((await new Authorizer(source, options).getToken()).accessToken).toBe('signed-in-2');
    expect(asked).toEqual(['refresh', 'authorize']);
  },
);
