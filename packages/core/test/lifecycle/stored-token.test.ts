// What is in the store when the program starts: is it used, renewed, or passed over?
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource, memoryTokenStore, passwordSource } from '../../src/index.js';
import type { AuthEvent, Token } from '../../src/index.js';
import { ScriptedStore } from './scripted-store.js';
import { at, settled, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

function stored(clock: ManualClock, leftMs: number, more: Partial<Token> = {}): Token {
  const issuedAt = new Date(clock.now() + leftMs - 100_000);
  return { accessToken: 'stored', issuedAt, expiresAt: new Date(clock.now() + leftMs), ...more };
}

it('a fresh stored token is used without a token request, also by the next run (C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const store = memoryTokenStore();
  const source = clientCredentialsSource(at(idp, clock));
  const first = await new Authorizer(source, { clock, store }).getToken();
  for (let run = 0; run < 10; run += 1)
    expect(await new Authorizer(source, { clock, store }).getToken()).toEqual(first);
  expect(idp.calls).toBe(1);
});

it('adopting is told as such: the acquisition says that the token was stored already (C6)', async () => {
  const clock = new ManualClock();
  const events: AuthEvent[] = [];
  const store = new ScriptedStore(stored(clock, 60_000));
  const observer = (event: AuthEvent): void => void events.push(event);
  await new Authorizer(() => Promise.resolve('new'), { clock, store, observer }).getToken();
  expect(events).toContainEqual(expect.objectContaining({ type: 'acquired', adopted: true }));
  expect(store.log).toEqual(['load']);
});

it('a stored token that is stale is used at once by a run that has none, and replaced by its next call (C1, C6)', async () => {
  const clock = new ManualClock();
  const store = new ScriptedStore(stored(clock, 20_000));
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store });
  expect((await auth.getToken()).accessToken).toBe('stored');
  expect((await auth.getToken()).accessToken).toBe('stored');
  await settled();
  expect((await auth.getToken()).accessToken).toBe('new');
});

it.each([
  ['inside its leeway', 10_000],
  ['at its end', 0],
  ['long ended', -1_000_000],
])('a stored token %s is not handed out but renewed by its refresh token (C6)', async (_what, leftMs) => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  const store = new ScriptedStore(stored(clock, leftMs, { refreshToken: 'stored-refresh' }));
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  expect((await new Authorizer(source, { clock, store }).getToken()).accessToken).toBe('token-1');
  expect(idp.bodies.map((body) => body.get('refresh_token'))).toEqual(['stored-refresh']);
  expect(store.kept?.accessToken).toBe('token-1');
});

it.each<readonly [string, unknown]>([
  ['an empty object', {}],
  ['null', null],
  ['a text', 'stored'],
  ['an empty accessToken', { accessToken: '' }],
  ['an accessToken that is no text', { accessToken: 7 }],
  ['an accessToken with a line break', { accessToken: 'a\r\nX-Evil: 1' }],
  ['an end that is no whole text of a date', { accessToken: 'stored', expiresAt: '2099-01-01' }],
  ['an end that is no date', { accessToken: 'stored', expiresAt: new Date(Number.NaN) }],
])('a store that holds %s counts as empty, and the next save fixes it (C6)', async (_what, kept) => {
  const store = new ScriptedStore(kept as Token);
  const auth = new Authorizer(() => Promise.resolve('new'), { clock: new ManualClock(), store });
  expect((await auth.getToken()).accessToken).toBe('new');
  expect(store.kept?.accessToken).toBe('new');
});

it('a stored token is asked about with `expired` of the source, too (C1, C6)', async () => {
  const clock = new ManualClock();
  const store = new ScriptedStore({ accessToken: 'stored' });
  const source = {
    authorize: (): Promise<Token> => Promise.resolve({ accessToken: 'new' }),
    expired: ({ accessToken }: Token): boolean => accessToken === 'stored',
  };
  expect((await new Authorizer(source, { clock, store }).getToken()).accessToken).toBe('new');
});
