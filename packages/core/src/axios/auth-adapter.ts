// Puts the authorised transport under a request by wrapping `config.adapter`, and takes it off again.
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { authorised } from './transport.js';
import { routeOf } from './request-config.js';
import type { AdapterSetting } from './request-config.js';
import type { Engine } from '../engine.js';
import { ownMember } from '../internal/records.js';
import { forgetRawBody, noteRawBody } from './http/http-adapter.js';
import { noteSession } from './context/retried-session.js';
import { chosenEngine } from './context/trip.js';
import type { Attachment, Begun, Wrapped } from './context/trip.js';
import type { Token } from '../token/token.js';

const WRAPPED = Symbol.for('@axios-authorizer/core wrapped');
type WrappedAdapter = AxiosAdapter & { readonly [WRAPPED]?: Wrapped };

/** Puts transports under requests for one attachment; the last one is used again, since a client repeats its adapter. */
export class AdapterWrapper {
  readonly #attachment: Attachment;
  #last: (Begun & { readonly inner: AdapterSetting; readonly transport: AxiosAdapter }) | undefined;

  constructor(attachment: Attachment) {
    this.#attachment = attachment;
  }

  wrap(config: InternalAxiosRequestConfig): void {
    const standing = wrappedIn(config);
    const engine = engineFor(config, this.#attachment);
    const { session } = engine.lifecycle;
    if (standing) {
      const begun = [...standing.begun, { engine, session }];
      config.adapter = transportOf({ ...standing, begun, attachments: this.#joined(standing, config) });
      return;
    }
    const inner = ownMember(config, 'adapter');
    const raw = noteRawBody(config);
    const last = this.#last;
    const isAgain = last?.engine === engine && last.session === session && isSame(last.inner, inner);
    config.adapter = isAgain && !raw ? last.transport : this.#transport({ inner, raw, begun: { engine, session } });
  }

  /** In the order in which they were attached: axios runs the last request interceptor first, unless told otherwise. */
  #joined({ attachments }: Wrapped, config: InternalAxiosRequestConfig): readonly Attachment[] {
    const others = attachments.filter((other) => other !== this.#attachment);
    const lastRunsFirst = ownMember(config, 'transitional')?.legacyInterceptorReqResOrdering !== false;
    return lastRunsFirst ? [this.#attachment, ...others] : [...others, this.#attachment];
  }

  #transport({ inner, raw, begun }: Pick<Wrapped, 'inner' | 'raw'> & { readonly begun: Begun }): AxiosAdapter {
    const attachments = [this.#attachment];
    const transport = transportOf({ attachments, inner, raw, begun: [begun], route: routeOf(inner) });
    if (!raw) this.#last = { ...begun, inner, transport };
    return transport;
  }
}

/** The engine that will serve the request, as far as it can be told already. */
function engineFor(config: InternalAxiosRequestConfig, attachment: Attachment): Engine<Token> {
  try {
    return chosenEngine(config, attachment);
  } catch {
    return attachment.engine; // what is wrong with `authorizer` is said when the request is sent
  }
}

function transportOf(wrapped: Wrapped): AxiosAdapter {
  const transport: AxiosAdapter = (sent) => {
    unwrap(sent, wrapped, sent.adapter === transport);
    return authorised(sent, wrapped);
  };
  return Object.assign(transport, { [WRAPPED]: wrapped });
}

/** axios hands each request a copy of the list of adapters. */
function isSame(one: AdapterSetting, other: AdapterSetting): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((adapter, index) => adapter === other[index]);
}

/** Takes the transport off where a request ended before it was reached; a retry is of the session in which it began (C17). */
export function unwrapAdapter(config: InternalAxiosRequestConfig): void {
  const wrapped = wrappedIn(config);
  if (!wrapped) return;
  unwrap(config, wrapped, true);
  const [begun, ...others] = wrapped.begun;
  if (begun && others.length === 0) noteSession(config, begun.session);
}

function wrappedIn(config: InternalAxiosRequestConfig): Wrapped | undefined {
  const adapter = ownMember(config, 'adapter');
  return typeof adapter === 'function' ? (adapter as WrappedAdapter)[WRAPPED] : undefined;
}

/** @param isOutermost whether nobody wrapped our transport in turn */
function unwrap(config: InternalAxiosRequestConfig, { inner, raw }: Wrapped, isOutermost: boolean): void {
  if (raw) forgetRawBody(config, raw);
  if (!isOutermost) return;
  if (inner === undefined) delete config.adapter;
  else config.adapter = inner;
}
