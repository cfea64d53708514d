// An observer that tells OpenTelemetry what an authorizer does: a span for each acquisition, linked to those who waited for
// it, and metrics. Only this entry point loads `@opentelemetry/api`; what it emits is the table in docs/guide. It has
// a check of options of its own, so that nothing of an authorizer is loaded with it.
import { metrics, trace } from '@opentelemetry/api';
import type { Attributes, MeterProvider, TracerProvider } from '@opentelemetry/api';
import { checkOptions } from '../token/options-check.js';
import type { Observer } from '../token/observer.js';
import type { OptionTable } from '../token/options-check.js';
import { EventMetrics } from './event-metrics.js';
import { EventSpans } from './event-spans.js';
import { Speakers } from './speakers.js';

/** The instrumentation scope of everything that is emitted. */
const SCOPE = '@axios-authorizer/core';

/** The options of {@link openTelemetryObserver}. */
export interface OpenTelemetryObserverOptions {
  /** Where the spans go. Default: the one that is registered globally, also when that happens later. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Where the metrics go. Default: the one that is registered globally, also when that happens later. */
  readonly meterProvider?: MeterProvider | undefined;
  /** Put on every span and every measurement, such as which service the authorizer is for; few values. Default: none. */
  readonly attributes?: Attributes | undefined;
}

const OPTIONS: OptionTable<OpenTelemetryObserverOptions> = {
  tracerProvider: 'object',
  meterProvider: 'object',
  attributes: 'object',
};

/**
 * The `observer` of one authorizer. Several may share it, but ids count within one authorizer: as soon as a second one is
 * heard, those who wait are no longer linked and the lives of replaced tokens no longer measured.
 * @throws ConfigurationError for an unknown option, or a provider that is no object
 *
 * @example
 * ```ts
 * const authorizer = new Authorizer(source, { observer: openTelemetryObserver({ attributes: { service: 'reports' } }) });
 * ```
 */
export function openTelemetryObserver(given?: OpenTelemetryObserverOptions): Observer {
  const options = checkOptions(given, 'openTelemetryObserver', OPTIONS);
  const { tracerProvider = trace, meterProvider, attributes = {} } = options;
  const speakers = new Speakers();
  const shared = { attributes, speakers };
  const spans = new EventSpans({ ...shared, tracer: tracerProvider.getTracer(SCOPE) });
  // a tracer finds a provider that is registered after it was asked for, a meter does not
  const meter = () => meterProvider ?? metrics.getMeterProvider();
  const measured = new EventMetrics({ ...shared, scope: SCOPE, provider: meter });
  return (event) => {
    speakers.hear(event);
    spans.tell(event);
    measured.tell(event);
  };
}
