// The adapter that our request interceptor puts under a request: it judges where the request really goes, waits for a token
// if it must, sends a copy that carries it, heals a 401 once, and hands back an answer that knows nothing of all this.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Authorizer, Engine } from './authorizer.js';
import { engineOf } from './authorizer.js';
import { AddressBook, AdapterKinds, adapterOf, copyHeaders, headerName } from './axios-config.js';
import type { AdapterSetting } from './axios-config.js';
import { callerLimits, remainingMs, timedOut } from './caller-limits.js';
import { bearerChallenge } from './challenge.js';
import { answerOf, deliver, discard } from './clean-answers.js';
import type { Answer } from './clean-answers.js';
import { AuthenticationError, isAuthenticationError } from './errors.js';
import type { SkipReason } from './observer.js';
import { followByHand, followsSilently, judgeHop } from './redirects.js';
import type { Journey } from './redirects.js';
import { bodyAgain, forgetRawBody, noteRawBody } from './request-body.js';
import type { Body, RawBody } from './request-body.js';
import { describeUrl, parseUrl } from './request-scope.js';
import type { RequestScope } from './request-scope.js';
import type { Token } from './token.js';

/** One authorizer on one client. */
export interface Attachment {
  readonly authorizer: Authorizer;
  readonly scope: RequestScope;
  readonly refused: (response: AxiosResponse) => boolean;
  readonly addresses: AddressBook;
  readonly adapters: AdapterKinds;
}

interface Wrapped {
  readonly attachments: readonly Attachment[];
  readonly inner: AdapterSetting;
  readonly raw: RawBody | undefined;
}

const WRAPPED = Symbol.for('@axios-authorizer/core wrapped');
type WrappedAdapter = AxiosAdapter & { readonly [WRAPPED]?: Wrapped };

/** Puts the transport under the request; several attachments share one. */
export function wrapAdapter(config: InternalAxiosRequestConfig, attachment: Attachment): void {
  const standing = wrappedIn(config);
  const others = standing?.attachments.filter((other) => other !== attachment) ?? [];
  const lastFirst = config.transitional?.legacyInterceptorReqResOrdering !== false;
  const wrapped: Wrapped = {
    attachments: lastFirst ? [attachment, ...others] : [...others, attachment],
    inner: standing === undefined ? config.adapter : standing.inner,
    raw: standing === undefined ? noteRawBody(config) : standing.raw,
  };
  const transport: AxiosAdapter = (sent) => {
    unwrap(sent, wrapped, sent.adapter === transport);
    return authorised(sent, wrapped);
  };
  config.adapter = Object.assign(transport, { [WRAPPED]: wrapped });
}

/** Takes the transport off again, where a request ended before it was reached. */
export function unwrapAdapter(config: InternalAxiosRequestConfig): void {
  const wrapped = wrappedIn(config);
  if (wrapped) unwrap(config, wrapped, true);
}

function wrappedIn({ adapter }: InternalAxiosRequestConfig): Wrapped | undefined {
  return typeof adapter === 'function' ? (adapter as WrappedAdapter)[WRAPPED] : undefined;
}

function unwrap(config: InternalAxiosRequestConfig, { inner, raw }: Wrapped, isOutermost: boolean): void {
  if (raw) forgetRawBody(config, raw);
  if (!isOutermost) return;
  if (inner === undefined) delete config.adapter;
  else config.adapter = inner;
}

/** 401 means refused, unless the Bearer challenge says that the token is good but not for this (RFC 6750 section 3.1). */
export function refusedByDefault(response: AxiosResponse): boolean {
  if (response.status !== 401) return false;
  const header = (response.headers as Readonly<Record<string, unknown>>)['www-authenticate'];
  return typeof header !== 'string' || bearerChallenge(header)?.parameters['error'] !== 'insufficient_scope';
}

/** One request on its way. */
interface Trip {
  readonly config: InternalAxiosRequestConfig;
  readonly attachment: Attachment;
  readonly engine: Engine<Token>;
  readonly send: AxiosAdapter;
  readonly kind: string;
  readonly url: URL;
  readonly raw: RawBody | undefined;
  readonly startedAt: number;
}

function authorised(config: InternalAxiosRequestConfig, wrapped: Wrapped): Promise<AxiosResponse> {
  const send = adapterOf(wrapped.inner, config);
  const trip = planTrip(config, wrapped, send);
  if (trip === undefined) return send(config);
  const token = trip.engine.lifecycle.ready();
  if (token) return travel(trip, token);
  return awaitToken(trip, (signal) => trip.engine.lifecycle.get({ signal })).then((got) => travel(trip, got, true));
}

/** Undefined when the request passes untouched. */
function planTrip(
  config: InternalAxiosRequestConfig,
  { attachments, inner, raw }: Wrapped,
  send: AxiosAdapter,
): Trip | undefined {
  const [first] = attachments;
  const url = first?.addresses.urlOf(config);
  const attachment = attachments.find(({ scope }) => url !== undefined && scope.allows(url));
  const serving = attachment ?? first;
  if (serving === undefined) return undefined;
  const own = config.authorizer === undefined ? serving.authorizer : config.authorizer;
  const engine = engineOf(own === false ? serving.authorizer : own);
  const skip = skipReason(config, own === false, attachment !== undefined);
  if (skip !== undefined || url === undefined || attachment === undefined) {
    engine.observer?.({
      type: 'skipped',
      at: engine.clock.now(),
      url: describeUrl(url),
      reason: skip ?? 'out of scope',
    });
    return undefined;
  }
  const kind = attachment.adapters.kindOf(inner);
  return { config, attachment, engine, send, kind, url, raw, startedAt: engine.clock.now() };
}

function skipReason(config: InternalAxiosRequestConfig, optedOut: boolean, inScope: boolean): SkipReason | undefined {
  if (optedOut) return 'opted out';
  if (!inScope) return 'out of scope';
  if (headerName(config.headers, 'Authorization') !== undefined) return 'own authorization';
  return config.auth ? 'basic auth' : undefined;
}

/** Waits within the caller's own limits. */
async function awaitToken(trip: Trip, ask: (signal: AbortSignal) => Promise<Token>): Promise<Token> {
  const limits = callerLimits(trip.config, trip.startedAt, trip.engine.clock);
  try {
    return await ask(limits.signal);
  } finally {
    limits.dispose();
  }
}

async function travel(trip: Trip, token: Token, waited = false): Promise<AxiosResponse> {
  const { lifecycle } = trip.engine;
  const journey = journeyOf(trip, token);
  const answer = await answerOf(sendWith(trip, journey, waited));
  if (!isRefused(trip, journey, answer)) {
    if (answer.response && answer.response.status < 400) lifecycle.accepted();
    return deliver(answer, trip.config);
  }
  return deliver(await healed(trip, token, answer), trip.config);
}

/** The answer to one resend with a new token, or the refusal as it came (C7, C8). */
async function healed(trip: Trip, token: Token, refusal: Answer): Promise<Answer> {
  const { engine, config, url } = trip;
  const { lifecycle, observer, clock } = engine;
  const at = clock.now();
  const status = refusal.response?.status ?? 0;
  observer?.({ type: 'refused', at, url: describeUrl(url), status });
  if (!lifecycle.mayRenew(token)) return refusal;
  const challenge = refusal.response && bearerChallenge(headerOf(refusal.response));
  const body = bodyAgain(config, trip.raw);
  if (typeof body === 'string') {
    lifecycle.get({ rejected: token, challenge }).catch(() => undefined);
    return withNote(trip, refusal, body);
  }
  if (refusal.response) discard(refusal.response);
  const next = await awaitToken(trip, (signal) => lifecycle.get({ rejected: token, challenge, signal }));
  const journey = journeyOf(trip, next);
  const answer = await answerOf(sendWith(trip, journey, true, body));
  const resent = answer.response?.status;
  observer?.({
    type: 'resent',
    at,
    url: describeUrl(url),
    durationMs: clock.now() - at,
    ...(resent && { status: resent }),
  });
  if (isRefused(trip, journey, answer)) lifecycle.refusedAgain(next);
  else if (resent !== undefined && resent < 400) lifecycle.accepted();
  return answer;
}

function isRefused({ attachment }: Trip, { inScope }: Journey, { response }: Answer): boolean {
  return response !== undefined && inScope && endedInScope(attachment, response) && attachment.refused(response);
}

/** Only XMLHttpRequest follows redirects without asking; it tells where it ended. */
function endedInScope({ scope }: Attachment, { request }: AxiosResponse<unknown> & { request?: unknown }): boolean {
  const { responseURL } = (request ?? {}) as { readonly responseURL?: unknown };
  const url = typeof responseURL === 'string' && responseURL !== '' ? parseUrl(responseURL) : undefined;
  return url === undefined || scope.allows(url);
}

function headerOf(response: AxiosResponse): string | undefined {
  const header = (response.headers as Readonly<Record<string, unknown>>)['www-authenticate'];
  return typeof header === 'string' ? header : undefined;
}

function journeyOf({ attachment, engine, config }: Trip, token: Token): Journey {
  const ours = engine.headersOf(token);
  const names = Object.keys(ours);
  const clash = names.some((name) => headerName(config.headers, name) !== undefined);
  const headers = clash
    ? Object.fromEntries(Object.entries(ours).filter(([name]) => headerName(config.headers, name) === undefined))
    : ours;
  return { scope: attachment.scope, headers, inScope: true };
}

/** Sends a copy of the request that carries the journey's headers; `late` says that some of the timeout is used up. */
function sendWith(trip: Trip, journey: Journey, late: boolean, body?: Body): Promise<AxiosResponse> {
  const { config, kind } = trip;
  const headers = Object.assign(copyHeaders(body?.headers ?? config.headers), journey.headers);
  const copy: InternalAxiosRequestConfig = { ...config, headers };
  if (body) copy.data = body.data;
  if (late) limitTimeout(copy, trip);
  if (kind === 'fetch' || (kind === 'xhr' && hasOwnKeyHeader(journey))) return sendByFetch(trip, copy, journey);
  copy.sensitiveHeaders = [...(config.sensitiveHeaders ?? []), ...Object.keys(journey.headers)];
  copy.beforeRedirect = (options, ...rest) => {
    config.beforeRedirect?.(options, ...rest);
    judgeHop(journey, options);
  };
  return trip.send(copy);
}

/** Browsers take Authorization off a redirect to another origin, but no other header. */
function hasOwnKeyHeader({ headers }: Journey): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() !== 'authorization');
}

function sendByFetch(trip: Trip, copy: InternalAxiosRequestConfig, journey: Journey): Promise<AxiosResponse> {
  const send = trip.kind === 'fetch' ? trip.send : adapterOf('fetch', copy);
  return followsSilently(copy) ? followByHand(copy, send, journey) : send(copy);
}

/** @throws AxiosError ETIMEDOUT when nothing is left */
function limitTimeout(copy: InternalAxiosRequestConfig, { config, startedAt, engine }: Trip): void {
  const leftMs = remainingMs(config, startedAt, engine.clock);
  if (leftMs <= 0) throw timedOut(config);
  if (leftMs < Infinity) copy.timeout = leftMs;
}

/** Says on the 401's error why it was not healed. */
function withNote({ engine }: Trip, refusal: Answer, spent: string): Answer {
  const message = `Not sent again: ${spent}`;
  engine.observer?.({ type: 'notice', at: engine.clock.now(), message });
  const { error } = refusal;
  if (typeof error === 'object' && error !== null && 'message' in error && !isAuthenticationError(error)) {
    const cause = new AuthenticationError(message, { code: 'body_spent', kind: 'configuration' });
    Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
    Object.assign(error, { message: `${String(error.message)}. ${message}` });
  }
  return refusal;
}
