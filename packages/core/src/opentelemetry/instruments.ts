// The instruments, with the units and descriptions that a backend shows. Boundaries are given, since the default ones count
// milliseconds and everything here is in seconds.
import type { Counter, Histogram, Meter } from '@opentelemetry/api';

/** Those of the semantic conventions for HTTP, and the limit of an acquisition. */
const DURATIONS_S = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30];
/** From a token of a few seconds to one of a day. */
const LIVES_S = [1, 5, 15, 60, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];

export interface Instruments {
  readonly tokens: Counter;
  readonly failures: Counter;
  readonly acquisitionDuration: Histogram;
  readonly waitDuration: Histogram;
  readonly tokenAge: Histogram;
  readonly remainingLife: Histogram;
  readonly rejections: Counter;
  readonly resends: Counter;
  readonly skips: Counter;
  readonly storeDuration: Histogram;
  readonly storeFailures: Counter;
}

export function createInstruments(meter: Meter): Instruments {
  return { ...acquisitionInstruments(meter), ...requestInstruments(meter), ...storeInstruments(meter) };
}

function acquisitionInstruments(
  meter: Meter,
): Pick<Instruments, 'tokens' | 'failures' | 'acquisitionDuration' | 'tokenAge' | 'remainingLife'> {
  const count = counters(meter, 'axios_authorizer.acquisition.');
  return {
    tokens: count('tokens', '{token}', 'Tokens acquired'),
    failures: count('failures', '{failure}', 'Acquisitions that failed, all their tries together'),
    acquisitionDuration: durations(meter, 'axios_authorizer.acquisition.duration', 'What an acquisition took'),
    tokenAge: lives(meter, 'axios_authorizer.token.age', 'How long a token had been held when it was replaced'),
    remainingLife: lives(meter, 'axios_authorizer.token.remaining_life', 'What a replaced token had left of its life'),
  };
}

function requestInstruments(meter: Meter): Pick<Instruments, 'waitDuration' | 'rejections' | 'resends' | 'skips'> {
  const count = counters(meter, 'axios_authorizer.request.');
  return {
    waitDuration: durations(meter, 'axios_authorizer.wait.duration', 'What a caller waited for a token'),
    rejections: count('rejections', '{response}', 'Responses that rejected a token'),
    resends: count('resends', '{request}', 'Rejected requests that were sent again with a new token'),
    skips: count('skips', '{request}', 'Requests that got no token'),
  };
}

function storeInstruments(meter: Meter): Pick<Instruments, 'storeDuration' | 'storeFailures'> {
  const count = counters(meter, 'axios_authorizer.store.');
  return {
    storeDuration: durations(meter, 'axios_authorizer.store.duration', 'What a call to the token store took'),
    storeFailures: count('failures', '{failure}', 'Calls to the token store that failed'),
  };
}

function counters(meter: Meter, prefix: string): (name: string, unit: string, description: string) => Counter {
  return (name, unit, description) => meter.createCounter(prefix + name, { unit, description });
}

function durations(meter: Meter, name: string, description: string): Histogram {
  return meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries: DURATIONS_S } });
}

function lives(meter: Meter, name: string, description: string): Histogram {
  return meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries: LIVES_S } });
}
