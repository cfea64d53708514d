// The stage of these tests: the real SDK with exporters in memory, an authorizer that is watched, and requests within spans.
import { context, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { openTelemetryObserver } from '../../src/opentelemetry/index.js';
import type { Observer } from '../../src/index.js';

/** One series of a metric: the attributes, and the sum of what was counted or the recorded values' sum and count. */
export interface Series {
  readonly attributes: Attributes;
  readonly value: unknown;
}

export interface Telemetry {
  readonly observer: Observer;
  readonly tracerProvider: BasicTracerProvider;
  readonly meterProvider: MeterProvider;
  /** The ended spans, by name. */
  readonly spans: (name: string) => readonly ReadableSpan[];
  readonly metrics: () => Promise<readonly MetricData[]>;
  /** The series of the metric `name`; none when it was never measured. */
  readonly series: (name: string) => Promise<readonly Series[]>;
  /** Runs `work` within a span of that name, as an instrumented program does. */
  readonly within: <R>(name: string, work: () => Promise<R>) => Promise<R>;
}

/** To be called once at the top of a test file. */
export function keepContext(): void {
  beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());
}

export function telemetry(attributes: Attributes = {}): Telemetry {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 2 ** 30 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const metrics = async (): Promise<readonly MetricData[]> => {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  };
  return {
    observer: openTelemetryObserver({ tracerProvider, meterProvider, attributes }),
    tracerProvider,
    meterProvider,
    metrics,
    spans: (name) => exporter.getFinishedSpans().filter((span) => span.name === name),
    series: async (name) => seriesOf((await metrics()).find(({ descriptor }) => descriptor.name === name)),
    within: (name, work) =>
      tracerProvider.getTracer('test').startActiveSpan(name, (span) => work().finally(() => span.end())),
  };
}

function seriesOf(data: MetricData | undefined): Series[] {
  return (data?.dataPoints ?? []).map(({ attributes, value }) => ({
    attributes,
    value: typeof value === 'object' && 'sum' in value ? [value.count, value.sum] : value,
  }));
}

/** The span that is active; fails when there is none. */
export function activeSpanId(): string {
  const span = trace.getActiveSpan();
  if (span === undefined) throw new Error('No span is active');
  return span.spanContext().spanId;
}

/** Where the links of `span` lead, as span ids. */
export function linksOf(span: ReadableSpan | undefined): string[] {
  return (span?.links ?? []).map((link) => link.context.spanId);
}

export function idOf(span: ReadableSpan | undefined): string | undefined {
  return span?.spanContext().spanId;
}

/** An instant of a span in ms since the epoch. */
export function msOf([s, ns]: readonly [number, number]): number {
  return s * 1_000 + ns / 1_000_000;
}
