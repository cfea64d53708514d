// What does the observer learn, and can it do harm?
import { leaks, ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, passwordSource } from '../../src/index.js';
import type { AuthEvent, AuthorizerOptions } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { ScriptedStore } from './scripted-store.js';
import { at, failureOf, passing, settled, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

function listener(): { readonly events: AuthEvent[]; readonly observer: (event: AuthEvent) => void } {
  const events: AuthEvent[] = [];
  return { events, observer: (event) => void events.push(event) };
}

it('an acquisition is told with reason, start and duration, and its id names those who waited (C1)', async () => {
  const clock = new ManualClock();
  const begun = clock.now();
  const hook = new HandHook();
  const { events, observer } = listener();
  const auth = new Authorizer(hook.get, { clock, observer });
  const first = auth.getToken();
  await clock.advance(700);
  const second = auth.getToken();
  await clock.advance(300);
  const expiresAt = new Date(begun + 60_000);
  hook.answer({ accessToken: 'token', expiresAt, scope: 'read' });
  await Promise.all([first, second]);
  expect(events).toEqual([
    { type: 'acquiring', id: 1, at: begun, reason: 'missing' },
    {
      type: 'acquired',
      id: 1,
      at: begun,
      reason: 'missing',
      durationMs: 1_000,
      adopted: false,
      expiresAt,
      scope: 'read',
    },
    { type: 'waited', id: 1, at: begun, durationMs: 1_000 },
    { type: 'waited', id: 1, at: begun + 700, durationMs: 300 },
  ]);
});

it('a failure is told with code and kind, and every acquisition has an id of its own (C5)', async () => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const { events, observer } = listener();
  const auth = new Authorizer(hook.get, { clock, observer });
  const failed = failureOf(auth.getToken());
  await settled();
  const queued = auth.getToken({ force: true });
  hook.fail(new Error('boom'));
  await failed;
  await settled();
  hook.answer('token');
  await queued;
  const of = (id: number): readonly string[] =>
    events.filter((event) => 'id' in event && event.id === id).map(({ type }) => type);
  expect(of(1)).toEqual(['acquiring', 'failed', 'waited']);
  expect(of(2)).toEqual(['acquiring', 'acquired', 'waited']);
  expect(events[1]).toMatchObject({ code: 'source_failed', kind: 'unavailable', durationMs: 0, reason: 'missing' });
});

it('who does not wait is not told of: a live token is no event (C14)', async () => {
  const { events, observer } = listener();
  const auth = new Authorizer(() => Promise.resolve('token'), { clock: new ManualClock(), observer });
  await auth.getToken();
  const { length } = events;
  for (let call = 0; call < 100; call += 1) await auth.getToken();
  expect(events).toHaveLength(length);
});

it('who leaves is told to have waited as long as that (C4)', async () => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const { events, observer } = listener();
  const auth = new Authorizer(hook.get, { clock, observer });
  const leaving = new AbortController();
  const call = failureOf(auth.getToken({ signal: leaving.signal }));
  await clock.advance(400);
  leaving.abort();
  await call;
  expect(events.at(-1)).toMatchObject({ type: 'waited', id: 1, durationMs: 400 });
  hook.answer('token');
  await settled();
});

it.each<readonly [string, NonNullable<AuthorizerOptions['observer']>]>([
  ['throws', () => { throw new Error('mine'); }], // prettier-ignore
  // oxlint-disable-next-line typescript/no-misused-promises -- what users pass nevertheless
  ['is async and rejects', () => Promise.reject(new Error('mine'))],
])('an observer that %s harms nobody (C13)', async (_how, observer) => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const store = new ScriptedStore();
  store.on('save', () => Promise.reject(new Error('disk full')));
  const auth = new Authorizer(hook.get, { clock, observer, store: store.withLease() });
  const failed = failureOf(auth.getToken());
  await settled();
  hook.fail(new Error('boom'));
  expect((await failed).code).toBe('source_failed');
  const call = auth.getToken({ force: true });
  await settled();
  hook.answer('token');
  expect((await call).accessToken).toBe('token');
  await auth.logout();
  await settled();
});

it('no event of a whole life holds a secret: sign-in, rotation, refusals, failures, a broken store, a logout (C11)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100, refreshTokens: 'rotating', prefix: 'secret-access' });
  const { events, observer } = listener();
  const store = new ScriptedStore();
  const secrets = ['secret-access-', 'secret-password', 'refresh-1', 'refresh-2'];
  const quoting = (): Promise<never> => Promise.reject(new Error(`cannot write ${JSON.stringify(store.log)}`));
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'secret-password' });
  const auth = new Authorizer(source, { clock, store, observer, onToken: () => Promise.reject(new Error('onToken')) });
  await auth.getToken();
  clock.set(clock.now() + 100_000);
  const rejected = await auth.getToken();
  idp.next({ status: 503 }, { status: 400, json: { error: 'invalid_grant', error_description: 'refresh-2 is spent' } });
  await passing(clock, auth.getToken({ rejected }));
  idp.always({ status: 401, json: { error: 'invalid_client', error_description: 'not secret-password' } });
  await failureOf(auth.getToken({ force: true }));
  store.on('save', quoting);
  idp.always(undefined);
  await auth.getToken({ force: true });
  await auth.logout();
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set(['acquiring', 'acquired', 'waited', 'failed', 'store', 'notice']),
  );
  expect(events.flatMap((event) => leaks(event, secrets).map((leak) => `${event.type}: ${leak}`))).toEqual([]);
});
