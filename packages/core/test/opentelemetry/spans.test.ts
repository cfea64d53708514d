// What does a trace show of an acquisition and of those who waited for it?
import { SpanStatusCode } from '@opentelemetry/api';
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import { openTelemetryObserver } from '../../src/opentelemetry/index.js';
import { HandHook } from '../lifecycle/hooks.js';
import { ScriptedStore } from '../lifecycle/scripted-store.js';
import { failureOf, settled } from '../lifecycle/stage.js';
import { activeSpanId, idOf, keepContext, linksOf, msOf, telemetry } from './stage.js';
import type { Telemetry } from './stage.js';

keepContext();

function authorizerOf({ observer }: Telemetry): { clock: ManualClock; hook: HandHook; auth: Authorizer } {
  const clock = new ManualClock();
  const hook = new HandHook();
  return { clock, hook, auth: new Authorizer(hook.get, { clock, observer }) };
}

it('one acquisition for two requests is one trace of its own, linked from the wait of each (C2)', async () => {
  const seen = telemetry({ 'app.service': 'patients' });
  const { clock, hook, auth } = authorizerOf(seen);
  const begun = clock.now();
  const ids: string[] = [];
  const ask = (name: string): Promise<unknown> =>
    seen.within(name, () => {
      ids.push(activeSpanId());
      return auth.getToken();
    });
  const first = ask('GET /one');
  await clock.advance(700);
  const second = ask('GET /two');
  await clock.advance(300);
  hook.answer({ accessToken: 'token', expiresAt: new Date(begun + 61_000), scope: 'read' });
  await Promise.all([first, second]);
  const [acquisition, ...others] = seen.spans('acquire token');
  expect(others).toEqual([]);
  expect(acquisition?.parentSpanContext).toBeUndefined();
  expect(linksOf(acquisition)).toEqual([ids[0]]);
  expect(acquisition?.attributes).toEqual({
    'app.service': 'patients',
    'axios_authorizer.reason': 'missing',
    'axios_authorizer.adopted': false,
    'axios_authorizer.token.expires_in': 60,
    'axios_authorizer.token.scope': 'read',
  });
  expect([acquisition?.startTime, acquisition?.endTime].map((at) => at && msOf(at))).toEqual([begun, begun + 1_000]);
  const waits = seen.spans('wait for token');
  expect(waits.map((span) => span.parentSpanContext?.spanId)).toEqual(ids);
  expect(waits.map(linksOf)).toEqual([[idOf(acquisition)], [idOf(acquisition)]]);
  expect(waits.map(({ startTime }) => msOf(startTime))).toEqual([begun, begun + 700]);
  expect(waits.map(({ endTime }) => msOf(endTime))).toEqual([begun + 1_000, begun + 1_000]);
  expect(waits[0]?.attributes).toEqual({ 'app.service': 'patients' });
});

it('who leaves early is linked to the acquisition that goes on without him (C4)', async () => {
  const seen = telemetry();
  const { clock, hook, auth } = authorizerOf(seen);
  const leaving = new AbortController();
  const left = failureOf(seen.within('GET /', () => auth.getToken({ signal: leaving.signal })));
  await clock.advance(400);
  leaving.abort();
  await left;
  expect(seen.spans('acquire token')).toEqual([]);
  hook.answer('token');
  await settled();
  expect(linksOf(seen.spans('wait for token')[0])).toEqual([idOf(seen.spans('acquire token')[0])]);
});

it('a failed acquisition is an error with code and kind; the forced one behind it has its own waiter (C2, C5)', async () => {
  const seen = telemetry();
  const { hook, auth } = authorizerOf(seen);
  const failed = failureOf(seen.within('first', () => auth.getToken()));
  await settled();
  const queued = seen.within('second', () => auth.getToken({ force: true }));
  hook.fail(new Error('boom'));
  await failed;
  await settled();
  hook.answer('token');
  await queued;
  const [bad, good] = seen.spans('acquire token');
  expect(bad?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(bad?.attributes).toEqual({
    'axios_authorizer.reason': 'missing',
    'error.type': 'source_failed',
    'axios_authorizer.error.kind': 'unavailable',
  });
  expect(good?.status).toEqual({ code: SpanStatusCode.UNSET });
  expect(seen.spans('wait for token').map(linksOf)).toEqual([[idOf(bad)], [idOf(good)]]);
});

it('a wait outside of any span makes none, and a live token nothing at all (C14)', async () => {
  const seen = telemetry();
  const auth = new Authorizer(() => Promise.resolve('token'), { clock: new ManualClock(), observer: seen.observer });
  await auth.getToken();
  for (let call = 0; call < 100; call += 1) await seen.within('GET /', () => auth.getToken());
  expect(seen.spans('wait for token')).toEqual([]);
  expect(seen.spans('acquire token').map(linksOf)).toEqual([[]]);
});

it('a store that fails is an event on the acquisition that it held up (C6)', async () => {
  const seen = telemetry();
  const store = new ScriptedStore();
  store.on('save', () => Promise.reject(Object.assign(new Error('no space for secret'), { code: 'ENOSPC' })));
  const clock = new ManualClock();
  const auth = new Authorizer(() => Promise.resolve('token'), { clock, observer: seen.observer, store });
  await auth.getToken();
  expect(seen.spans('acquire token')[0]?.events).toMatchObject([
    {
      name: 'axios_authorizer.store',
      attributes: {
        'axios_authorizer.store.action': 'save',
        'error.type': 'ENOSPC',
        'axios_authorizer.store.failure': 'ENOSPC',
      },
    },
  ]);
});

it('two authorizers on one observer: both acquisitions are told, and no wait is linked to the wrong one (C2)', async () => {
  const seen = telemetry();
  const { clock, hook, auth } = authorizerOf(seen);
  const otherHook = new HandHook();
  const other = new Authorizer(otherHook.get, { clock, observer: seen.observer });
  const one = seen.within('one', () => auth.getToken());
  const two = seen.within('two', () => other.getToken({ force: true }));
  await settled();
  otherHook.answer('b');
  await two;
  hook.answer('a');
  await one;
  const told = seen.spans('acquire token').map(({ attributes }) => attributes['axios_authorizer.reason']);
  expect(told).toEqual(['forced', 'missing']);
  expect(seen.spans('wait for token').map(linksOf)).toEqual([[], []]);
});

it('an exporter that throws is not the fault of the request (C13)', async () => {
  const broken = (): never => {
    throw new Error('exporter');
  };
  const seen = telemetry();
  const tracerProvider = { getTracer: () => ({ startSpan: broken, startActiveSpan: broken }) };
  const observer = openTelemetryObserver({ tracerProvider, meterProvider: seen.meterProvider });
  const auth = new Authorizer(() => Promise.resolve('token'), { observer });
  expect(await auth.getToken()).toMatchObject({ accessToken: 'token' });
});
