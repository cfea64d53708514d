// Is a new token kept and told before anybody uses it, and what if that fails?
import { gate, ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, ConfigurationError, memoryTokenStore } from '../../src/index.js';
import type { AuthEvent, AuthorizerOptions, Token } from '../../src/index.js';
import { never, ScriptedStore } from './scripted-store.js';
import { failureOf, settled, standing } from './stage.js';

function observed(options: AuthorizerOptions): { readonly auth: Authorizer; readonly events: AuthEvent[] } {
  const events: AuthEvent[] = [];
  const observer = (event: AuthEvent): void => void events.push(event);
  const auth = new Authorizer(() => Promise.resolve('new'), { clock: new ManualClock(), observer, ...options });
  return { auth, events };
}

it('a token is saved, then told to onToken, and only then handed out (C6)', async () => {
  const store = new ScriptedStore();
  const [saved, told] = [gate(), gate()];
  store.on('save', () => saved.opened);
  const seen: string[] = [];
  const onToken = ({ accessToken }: Token): Promise<void> => {
    seen.push(`${accessToken} told, ${store.kept?.accessToken} kept`);
    return told.opened;
  };
  const { auth } = observed({ store, onToken });
  const call = auth.getToken();
  expect(await standing(call)).toEqual({ state: 'waiting' });
  expect([store.log, seen, auth.token]).toEqual([['load', 'save new'], [], undefined]);
  saved.open();
  expect(await standing(call)).toEqual({ state: 'waiting' });
  expect([seen, auth.accessToken]).toEqual([['new told, new kept'], 'new']);
  expect((await auth.getToken()).accessToken).toBe('new'); // who asks now does not wait for onToken, which may be who asks
  told.open();
  expect((await call).accessToken).toBe('new');
});

it('onToken is told each token once, as it is handed out (C6)', async () => {
  const told: Token[] = [];
  let made = 0;
  const onToken = (token: Token): void => void told.push(token);
  const auth = new Authorizer(() => Promise.resolve(`t-${(made += 1)}`), { clock: new ManualClock(), onToken });
  const given = [await auth.getToken(), await auth.getToken({ force: true }), await auth.getToken()];
  expect(told).toEqual(given.slice(0, 2));
});

it.each<readonly [string, AuthorizerOptions['onToken']]>([
  ['throws', () => { throw new Error('disk full'); }], // prettier-ignore
  ['rejects', () => Promise.reject(new Error('disk full'))],
])('an onToken that %s is observed and fails nobody (C6)', async (_how, onToken) => {
  const { auth, events } = observed({ ...(onToken && { onToken }) });
  expect((await auth.getToken()).accessToken).toBe('new');
  const notices = events.filter(({ type }) => type === 'notice');
  expect(notices).toEqual([expect.objectContaining({ message: expect.stringContaining('disk full') as unknown })]);
});

it('an onToken that never returns is left behind with the limit of the acquisition (C4, C6)', async () => {
  const clock = new ManualClock();
  const { auth } = observed({ clock, onToken: never, timeoutMs: 5_000 });
  const call = auth.getToken();
  expect(await standing(call)).toEqual({ state: 'waiting' });
  await clock.advance(5_000);
  expect((await standing(call)).state).not.toBe('waiting');
  const next = auth.getToken();
  await settled();
  await clock.advance(5_000);
  expect((await standing(next)).state).not.toBe('waiting');
});

it('a failed save is observed and does not fail the request; the next token is saved again (C6)', async () => {
  const store = new ScriptedStore();
  store.on('save', () => Promise.reject(Object.assign(new Error('no room for it'), { code: 'ENOSPC' })));
  const { auth, events } = observed({ store });
  expect((await auth.getToken()).accessToken).toBe('new');
  const failed = { type: 'store', action: 'save', failure: 'ENOSPC' };
  expect(events).toContainEqual(expect.objectContaining(failed));
  store.on('save', undefined);
  await auth.getToken({ force: true });
  expect(store.kept?.accessToken).toBe('new');
});

it('a failed load counts as missing, is observed, and is asked again with the next refresh (C6)', async () => {
  const kept = { accessToken: 'kept' };
  const store = new ScriptedStore(kept);
  store.on('load', () => Promise.reject(Object.assign(new Error('no such disk'), { code: 'ENOENT' })));
  store.on('save', () => Promise.reject(Object.assign(new Error('no such disk'), { code: 'ENOENT' })));
  const { auth, events } = observed({ store });
  const rejected = await auth.getToken();
  expect(rejected.accessToken).toBe('new');
  expect(events).toContainEqual(expect.objectContaining({ type: 'store', action: 'load', failure: 'ENOENT' }));
  store.on('load', undefined);
  expect(await auth.getToken({ rejected })).toBe(kept);
});

it('a ConfigurationError of a load, such as a wrong key, is fatal: nothing is fetched and nothing saved over it (C6)', async () => {
  let asked = 0;
  const store = new ScriptedStore({ accessToken: 'kept' });
  store.on('load', () => Promise.reject(new ConfigurationError('wrong key')));
  const hook = (): Promise<string> => Promise.resolve(`t-${(asked += 1)}`);
  const failure = await failureOf(new Authorizer(hook, { clock: new ManualClock(), store }).getToken());
  expect(failure).toMatchObject({ message: 'wrong key', kind: 'configuration' });
  expect([asked, store.log]).toEqual([0, ['load']]);
});

it('a newer token that stands in the store already wins over the one just fetched (C6)', async () => {
  const newer = { accessToken: 'newer' };
  const store = { ...memoryTokenStore(), save: () => Promise.resolve(newer) };
  const told: Token[] = [];
  const { auth } = observed({ store, onToken: (token) => void told.push(token) });
  expect(await auth.getToken()).toBe(newer);
  expect(auth.token).toBe(newer);
  expect(told).toEqual([newer]);
});

it('a save is told which token it replaces (C6)', async () => {
  const replaced: (Token | undefined)[] = [];
  const store = { load: () => Promise.resolve(undefined), clear: () => Promise.resolve() };
  const save = (_token: Token, replaces?: Token): Promise<void> => Promise.resolve(void replaced.push(replaces));
  const { auth } = observed({ store: { ...store, save } });
  const first = await auth.getToken();
  await auth.getToken({ force: true });
  expect(replaced).toEqual([undefined, first]);
});
