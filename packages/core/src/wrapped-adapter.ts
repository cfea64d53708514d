// Puts the authorised transport under a request by wrapping `config.adapter`, and takes it off again.
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { authorised } from './authorised-transport.js';
import { routeOf } from './axios-config.js';
import type { AdapterSetting } from './axios-config.js';
import { ownMember } from './members.js';
import { forgetRawBody, noteRawBody } from './request-body.js';
import type { Attachment, Wrapped } from './trip.js';

const WRAPPED = Symbol.for('@axios-authorizer/core wrapped');
type WrappedAdapter = AxiosAdapter & { readonly [WRAPPED]?: Wrapped };

/** Puts transports under requests for one attachment; the last one is used again, since a client repeats its adapter. */
export class AdapterWrapper {
  readonly #attachment: Attachment;
  #last: { readonly inner: AdapterSetting; readonly transport: AxiosAdapter } | undefined;

  constructor(attachment: Attachment) {
    this.#attachment = attachment;
  }

  wrap(config: InternalAxiosRequestConfig): void {
    const standing = wrappedIn(config);
    if (standing) {
      config.adapter = transportOf({ ...standing, attachments: this.#joined(standing, config) });
      return;
    }
    const inner = ownMember(config, 'adapter');
    const raw = noteRawBody(config);
    const attachments = [this.#attachment];
    if (raw) config.adapter = transportOf({ attachments, inner, raw, route: routeOf(inner) });
    else config.adapter = this.#lastFor(inner) ?? this.#remember(inner, attachments);
  }

  /** In the order in which they were attached: axios runs the last request interceptor first, unless told otherwise. */
  #joined({ attachments }: Wrapped, config: InternalAxiosRequestConfig): readonly Attachment[] {
    const others = attachments.filter((other) => other !== this.#attachment);
    const lastRunsFirst = ownMember(config, 'transitional')?.legacyInterceptorReqResOrdering !== false;
    return lastRunsFirst ? [this.#attachment, ...others] : [...others, this.#attachment];
  }

  #lastFor(inner: AdapterSetting): AxiosAdapter | undefined {
    return this.#last && isSame(this.#last.inner, inner) ? this.#last.transport : undefined;
  }

  #remember(inner: AdapterSetting, attachments: readonly Attachment[]): AxiosAdapter {
    const transport = transportOf({ attachments, inner, raw: undefined, route: routeOf(inner) });
    this.#last = { inner, transport };
    return transport;
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

/** Takes the transport off where a request ended before it was reached. */
export function unwrapAdapter(config: InternalAxiosRequestConfig): void {
  const wrapped = wrappedIn(config);
  if (wrapped) unwrap(config, wrapped, true);
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
