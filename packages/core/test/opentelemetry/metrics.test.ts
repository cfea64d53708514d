// What is counted and measured, in which units, and by what?
import { metrics as globalMetrics } from '@opentelemetry/api';
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import type { AuthEvent } from '../../src/index.js';
import { openTelemetryObserver } from '../../src/opentelemetry/index.js';
import { HandHook } from '../lifecycle/hooks.js';
import { ScriptedStore } from '../lifecycle/scripted-store.js';
import { failureOf, settled } from '../lifecycle/stage.js';
import { telemetry } from './stage.js';

it('tokens, durations and waits in seconds, the life of what is replaced (C1)', async () => {
  const { observer, series } = telemetry({ 'app.service': 'patients' });
  const clock = new ManualClock();
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock, observer });
  const first = auth.getToken();
  await clock.advance(500);
  hook.answer({ accessToken: 'one', expiresAt: new Date(clock.now() + 100_000) });
  await first;
  await clock.advance(39_750);
  const second = auth.getToken({ force: true });
  await clock.advance(250);
  hook.answer('two');
  await second;
  const missing = { 'app.service': 'patients', 'axios_authorizer.reason': 'missing' };
  const forced = { 'app.service': 'patients', 'axios_authorizer.reason': 'forced' };
  expect(await series('axios_authorizer.acquisition.tokens')).toEqual([
    { attributes: { ...missing, 'axios_authorizer.adopted': false }, value: 1 },
    { attributes: { ...forced, 'axios_authorizer.adopted': false }, value: 1 },
  ]);
  expect(await series('axios_authorizer.acquisition.duration')).toEqual([
    { attributes: missing, value: [1, 0.5] },
    { attributes: forced, value: [1, 0.25] },
  ]);
  const waits = [{ attributes: { 'app.service': 'patients' }, value: [2, 0.75] }];
  expect(await series('axios_authorizer.wait.duration')).toEqual(waits);
  expect(await series('axios_authorizer.token.age')).toEqual([{ attributes: forced, value: [1, 40] }]);
  expect(await series('axios_authorizer.token.remaining_life')).toEqual([{ attributes: forced, value: [1, 60] }]);
});

it('failures by kind and code (C5)', async () => {
  const { observer, series } = telemetry();
  const auth = new Authorizer(() => Promise.reject(new Error('boom')), { clock: new ManualClock(), observer });
  await failureOf(auth.getToken());
  await failureOf(auth.getToken()); // a rest is no acquisition
  const of = { 'axios_authorizer.reason': 'missing', 'error.type': 'source_failed' };
  expect(await series('axios_authorizer.acquisition.failures')).toEqual([
    { attributes: { ...of, 'axios_authorizer.error.kind': 'unavailable' }, value: 1 },
  ]);
  expect(await series('axios_authorizer.acquisition.duration')).toEqual([{ attributes: of, value: [1, 0] }]);
  expect(await series('axios_authorizer.acquisition.tokens')).toEqual([]);
});

it('store failures by action: a code as it is, words as _OTHER (C6)', async () => {
  const { observer, series } = telemetry();
  const clock = new ManualClock();
  const store = new ScriptedStore();
  store.on('save', () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })));
  store.on('load', () => new Promise(() => undefined));
  const auth = new Authorizer(() => Promise.resolve('token'), { clock, observer, store });
  const call = auth.getToken();
  await settled();
  await clock.advance(2_000);
  await call;
  const attributes = (action: string, type: string): Record<string, string> => ({
    'axios_authorizer.store.action': action,
    'error.type': type,
  });
  expect(await series('axios_authorizer.store.failures')).toEqual([
    { attributes: attributes('load', '_OTHER'), value: 1 },
    { attributes: attributes('save', 'ENOSPC'), value: 1 },
  ]);
  expect(await series('axios_authorizer.store.duration')).toContainEqual({
    attributes: attributes('load', '_OTHER'),
    value: [1, 2],
  });
});

it('an adopted token is counted as such; its age is not known, its end is (C6)', async () => {
  const { observer, series } = telemetry();
  const acquired = { type: 'acquired', durationMs: 0, reason: 'expiring' } as const;
  const events: readonly AuthEvent[] = [
    { ...acquired, id: 1, at: 0, adopted: true, expiresAt: new Date(9_000) },
    { ...acquired, id: 2, at: 10_000, adopted: false },
    { ...acquired, id: 3, at: 4_000, adopted: false }, // the clock was put back
  ];
  events.forEach(observer);
  const attributes = { 'axios_authorizer.reason': 'expiring' };
  expect(await series('axios_authorizer.acquisition.tokens')).toContainEqual({
    attributes: { ...attributes, 'axios_authorizer.adopted': true },
    value: 1,
  });
  expect(await series('axios_authorizer.token.age')).toEqual([{ attributes, value: [1, 0] }]);
  expect(await series('axios_authorizer.token.remaining_life')).toEqual([{ attributes, value: [1, 0] }]);
});

it('two authorizers on one observer: what one held is not replaced by the other', async () => {
  const { observer, series } = telemetry();
  const clock = new ManualClock();
  const make = (): Authorizer => new Authorizer(() => Promise.resolve('token'), { clock, observer });
  await make().getToken({ force: true });
  await make().getToken({ force: true });
  const attributes = { 'axios_authorizer.reason': 'forced', 'axios_authorizer.adopted': false };
  expect(await series('axios_authorizer.acquisition.tokens')).toEqual([{ attributes, value: 2 }]);
  expect(await series('axios_authorizer.token.age')).toEqual([]);
});

it('an SDK that starts after the observer was made is found; before it nothing is lost but measurements', async () => {
  const { meterProvider, series } = telemetry();
  const auth = new Authorizer(() => Promise.resolve('token'), { observer: openTelemetryObserver() });
  await auth.getToken();
  globalMetrics.setGlobalMeterProvider(meterProvider);
  try {
    await auth.getToken({ force: true });
  } finally {
    globalMetrics.disable();
  }
  const attributes = { 'axios_authorizer.reason': 'forced', 'axios_authorizer.adopted': false };
  expect(await series('axios_authorizer.acquisition.tokens')).toEqual([{ attributes, value: 1 }]);
});
