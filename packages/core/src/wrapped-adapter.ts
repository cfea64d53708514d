// Puts the authorised transport under a request by wrapping `config.adapter`, and takes it off again.
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { authorised } from './authorised-transport.js';
import { forgetRawBody, noteRawBody } from './request-body.js';
import type { Attachment, Wrapped } from './trip.js';

const WRAPPED = Symbol.for('@axios-authorizer/core wrapped');
type WrappedAdapter = AxiosAdapter & { readonly [WRAPPED]?: Wrapped };

/** Several attachments share one transport, in the order in which they were attached. */
export function wrapAdapter(config: InternalAxiosRequestConfig, attachment: Attachment): void {
  const standing = wrappedIn(config);
  const others = standing?.attachments.filter((other) => other !== attachment) ?? [];
  const lastRunsFirst = config.transitional?.legacyInterceptorReqResOrdering !== false;
  const wrapped: Wrapped = {
    attachments: lastRunsFirst ? [attachment, ...others] : [...others, attachment],
    inner: standing === undefined ? config.adapter : standing.inner,
    raw: standing === undefined ? noteRawBody(config) : standing.raw,
  };
  const transport: AxiosAdapter = (sent) => {
    unwrap(sent, wrapped, sent.adapter === transport);
    return authorised(sent, wrapped);
  };
  config.adapter = Object.assign(transport, { [WRAPPED]: wrapped });
}

/** Takes the transport off where a request ended before it was reached. */
export function unwrapAdapter(config: InternalAxiosRequestConfig): void {
  const wrapped = wrappedIn(config);
  if (wrapped) unwrap(config, wrapped, true);
}

function wrappedIn({ adapter }: InternalAxiosRequestConfig): Wrapped | undefined {
  return typeof adapter === 'function' ? (adapter as WrappedAdapter)[WRAPPED] : undefined;
}

/** @param isOutermost whether nobody wrapped our transport in turn */
function unwrap(config: InternalAxiosRequestConfig, { inner, raw }: Wrapped, isOutermost: boolean): void {
  if (raw) forgetRawBody(config, raw);
  if (!isOutermost) return;
  if (inner === undefined) delete config.adapter;
  else config.adapter = inner;
}
