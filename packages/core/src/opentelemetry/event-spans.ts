// The spans. An acquisition is shared by all who wait for it, so it is nobody's child: a trace of its own, linked to the span
// in which it began. Each request that waited gets a child span for its wait, linked to the acquisition. This holds since
// events are told in the async context of whom they are about; where a platform has none, the links are missing.
import { context, isSpanContextValid, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Link, Span, SpanContext, Tracer } from '@opentelemetry/api';
import type { AuthEvent } from '../token/observer.js';
import { ADOPTED, endOf, EXPIRES_IN, failureAttributes, MESSAGE, REASON, resendAttributes } from './attributes.js';
import { SCOPE, seconds, STATUS_CODE, STORE_FAILURE, storeAttributes, URL_FULL } from './attributes.js';
import type { Event } from './attributes.js';
import type { Speakers } from './speakers.js';

/** Those who waited are told of within microtasks, when the next acquisition has perhaps begun. */
const REMEMBERED = 2;

export interface EventSpansOptions {
  readonly tracer: Tracer;
  /** On every span. */
  readonly attributes: Attributes;
  readonly speakers: Speakers;
}

export class EventSpans {
  readonly #options: EventSpansOptions;
  /** The newest acquisitions by id, the last one perhaps open. */
  readonly #spans = new Map<number, Span>();

  constructor(options: EventSpansOptions) {
    this.#options = options;
  }

  tell(event: AuthEvent): void {
    switch (event.type) {
      case 'acquiring':
        return this.#begin(event);
      case 'acquired':
      case 'failed':
        return this.#end(event);
      case 'waited':
        return this.#wait(event);
      case 'store':
        return this.#stored(event);
      case 'unauthorized':
      case 'resent':
      case 'notice':
        trace.getActiveSpan()?.addEvent(`axios_authorizer.${event.type}`, detailsOf(event), new Date(event.at));
        break;
      case 'skipped':
    }
  }

  #begin(event: Event<'acquiring'>): void {
    if (this.#options.speakers.several) return this.#spans.clear();
    this.#spans.set(event.id, this.#acquisition(event));
    const [oldest] = this.#spans.keys();
    if (this.#spans.size > REMEMBERED && oldest !== undefined) this.#spans.delete(oldest);
  }

  #end(event: Event<'acquired' | 'failed'>): void {
    const span = this.#spans.get(event.id) ?? this.#acquisition(event);
    span.setAttributes(event.type === 'failed' ? failureAttributes(event) : tokenAttributes(event));
    if (event.type === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(new Date(endOf(event)));
  }

  #acquisition({ at, reason }: Event<'acquiring' | 'acquired' | 'failed'>): Span {
    const attributes = { ...this.#options.attributes, [REASON]: reason };
    const links = linkTo(trace.getActiveSpan());
    return this.#options.tracer.startSpan('acquire token', { root: true, startTime: new Date(at), attributes, links });
  }

  /** Only within the span of a request: a wait alone would be a trace that says nothing. */
  #wait(event: Event<'waited'>): void {
    const { tracer, attributes, speakers } = this.#options;
    const active = context.active();
    if (trace.getSpan(active) === undefined) return;
    const links = speakers.several ? [] : linkTo(this.#spans.get(event.id));
    const span = tracer.startSpan('wait for token', { startTime: new Date(event.at), attributes, links }, active);
    span.end(new Date(endOf(event)));
  }

  /** Why an acquisition took so long, or was not kept; the open one is the newest. */
  #stored(event: Event<'store'>): void {
    if (event.failure === undefined) return;
    const open = [...this.#spans.values()].at(-1);
    const details = { ...storeAttributes(event), [STORE_FAILURE]: event.failure };
    if (open?.isRecording()) open.addEvent('axios_authorizer.store', details, new Date(endOf(event)));
  }
}

function linkTo(span: Span | undefined): Link[] {
  const linked: SpanContext | undefined = span?.spanContext();
  return linked && isSpanContextValid(linked) ? [{ context: linked }] : [];
}

function tokenAttributes(event: Event<'acquired'>): Attributes {
  const { adopted, expiresAt, scope } = event;
  return {
    [ADOPTED]: adopted,
    ...(expiresAt && { [EXPIRES_IN]: seconds(expiresAt.getTime() - endOf(event)) }),
    ...(scope !== undefined && { [SCOPE]: scope }),
  };
}

function detailsOf(event: Event<'unauthorized' | 'resent' | 'notice'>): Attributes {
  if (event.type === 'notice') return { [MESSAGE]: event.message };
  const outcome = event.type === 'resent' ? resendAttributes(event) : { [STATUS_CODE]: event.status };
  return { [URL_FULL]: event.url, ...outcome };
}
