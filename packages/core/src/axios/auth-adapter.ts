// Puts the authorised transport under a request by wrapping `config.adapter`, and takes it off again.
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { authorised } from './transport.js';
import { routeOf } from './request-config.js';
import type { AdapterSetting } from './request-config.js';
import type { Authorizer } from '../authorizer.js';
import type { Internals } from '../authorizer/internals.js';
import { isObject, ownProperty } from '../internal/records.js';
import { forgetRawBody, noteRawBody } from './http/http-adapter.js';
import { noteSession } from './context/retried-session.js';
import { chosenInternals } from './context/request-context.js';
import { Beginnings } from './context/beginnings.js';
import type { Begun } from './context/beginnings.js';
import type { Attachment, AuthAdapter } from './context/request-context.js';
import type { Token } from '../token/token.js';

const WRAPPED = Symbol.for('@axios-authorizer/core wrapped');
type WrappedAdapter = AxiosAdapter & { readonly [WRAPPED]?: AuthAdapter };

/** Puts transports under requests for one attachment; the last one is used again, since a client repeats its adapter. */
export class AdapterWrapper {
  readonly #attachment: Attachment;
  readonly #beginnings = new Beginnings();
  #last: (Begun & Pick<AuthAdapter, 'next' | 'route'> & { readonly transport: AxiosAdapter | undefined }) | undefined;

  constructor(attachment: Attachment) {
    this.#attachment = attachment;
  }

  /** axios is asked for the request. */
  begin(config: InternalAxiosRequestConfig): void {
    this.#beginnings.note(config, this.#internalsOf(config));
  }

  wrap(config: InternalAxiosRequestConfig): void {
    const next = ownProperty(config, 'adapter');
    const standing = typeof next === 'function' ? (next as WrappedAdapter)[WRAPPED] : undefined;
    const internals = this.#internalsOf(config);
    const session = this.#beginnings.take(config, internals) ?? internals.lifecycle.openSession;
    if (standing) {
      const begun = [...standing.begun, { internals, session }];
      config.adapter = transportOf({ ...standing, begun, attachments: this.#joined(standing, config) });
      return;
    }
    const raw = isObject(config.data) ? noteRawBody(config) : undefined;
    const last = this.#last && isSame(this.#last.next, next) ? this.#last : undefined;
    const isAgain = last?.internals === internals && last.session === session && !raw;
    const again = isAgain ? last.transport : undefined;
    config.adapter =
      again ?? this.#transport({ next, raw, begun: { internals, session }, route: last?.route ?? routeOf(next) });
  }

  #internalsOf(config: InternalAxiosRequestConfig): Internals<Token> {
    const chosen = ownProperty(config, 'authorizer');
    return chosen ? internalsFor(chosen, this.#attachment) : this.#attachment.internals;
  }

  /** In the order in which they were attached: axios runs the last request interceptor first, unless told otherwise. */
  #joined({ attachments }: AuthAdapter, config: InternalAxiosRequestConfig): readonly Attachment[] {
    const others = attachments.filter((other) => other !== this.#attachment);
    const lastRunsFirst = ownProperty(config, 'transitional')?.legacyInterceptorReqResOrdering !== false;
    return lastRunsFirst ? [this.#attachment, ...others] : [...others, this.#attachment];
  }

  #transport({ next, raw, route, begun }: Made): AxiosAdapter {
    const transport = transportOf({ attachments: [this.#attachment], next, raw, begun: [begun], route });
    if (!raw || route !== this.#last?.route)
      this.#last = { ...begun, next, route, transport: raw ? undefined : transport };
    return transport;
  }
}

type Made = Pick<AuthAdapter, 'next' | 'raw' | 'route'> & { readonly begun: Begun };

/** The authorizer that will serve the request, as far as it can be told already: that of a pool only when it is sent. */
function internalsFor(chosen: Authorizer, { internals }: Attachment): Internals<Token> {
  try {
    return chosenInternals(chosen, internals);
  } catch {
    return internals; // what is wrong with `authorizer` is said when the request is sent
  }
}

function transportOf(authAdapter: AuthAdapter): AxiosAdapter {
  const transport: AxiosAdapter = (sent) => {
    unwrap(sent, authAdapter, sent.adapter === transport);
    return authorised(sent, authAdapter);
  };
  return Object.assign(transport, { [WRAPPED]: authAdapter });
}

/** axios hands each request a copy of the list of adapters. */
function isSame(one: AdapterSetting, other: AdapterSetting): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  let same = one.length === other.length;
  for (let i = 0; same && i < one.length; i++) same = one[i] === other[i];
  return same;
}

/** Takes the transport off where a request ended before it was reached; a retry is of the session in which it began (C17). */
export function unwrapAdapter(config: InternalAxiosRequestConfig): void {
  const adapter = ownProperty(config, 'adapter');
  const authAdapter = typeof adapter === 'function' ? (adapter as WrappedAdapter)[WRAPPED] : undefined;
  if (!authAdapter) return;
  unwrap(config, authAdapter, true);
  const [begun, ...others] = authAdapter.begun;
  if (begun && others.length === 0) noteSession(config, begun.session);
}

/** @param isOutermost whether nobody wrapped our transport in turn */
function unwrap(config: InternalAxiosRequestConfig, { next, raw }: AuthAdapter, isOutermost: boolean): void {
  if (raw) forgetRawBody(config, raw);
  if (!isOutermost) return;
  if (next === undefined) delete config.adapter;
  else config.adapter = next;
}
