// One request on its way: where it goes, which attachment serves it, whose token it may carry.
import type { InternalAxiosRequestConfig } from 'axios';
import { internalsOf } from '../../authorizer/internals.js';
import { headerName, targetOf } from '../request-config.js';
import type { AdapterSetting, AddressBook, Route, Target } from '../request-config.js';
import type { Credentials } from '../../authorizer/credentials.js';
import type { Internals, Picker } from '../../authorizer/internals.js';
import { loggedOut } from '../../token/errors/lifecycle-errors.js';
import { ownProperty } from '../../internal/records.js';
import type { SkipReason } from '../../token/observer.js';
import type { Attempt } from './attempt.js';
import type { RawBody } from '../http/raw-body.js';
import { describeUrl } from '../../request/allow-list.js';
import { takeNotedSession } from './retried-session.js';
import type { AllowList } from '../../request/allow-list.js';
import type { Session } from '../../lifecycle/session.js';
import type { Token } from '../../token/token.js';
import type { Unauthorized } from '../unauthorized.js';

/** One authorizer on one client. */
export interface Attachment {
  readonly internals: Internals<Token>;
  /** Of a pool: whose token a request gets. */
  readonly pick?: Picker | undefined;
  readonly allowList: AllowList;
  readonly addresses: AddressBook;
  /** Of which own credentials of requests the observer has heard. */
  readonly noticed: Set<SkipReason>;
  readonly unauthorized: Unauthorized | undefined;
  readonly browserRedirects: 'check' | 'trust';
}

/** In which session a request began, when our interceptor saw it: others may take their time before it is sent (C17). */
export interface Begun {
  readonly internals: Internals<Token>;
  readonly session: Session | undefined;
}

/** What our request interceptors put under a request. */
export interface AuthAdapter {
  readonly attachments: readonly Attachment[];
  /** What stood in `config.adapter`, and where it leads. */
  readonly next: AdapterSetting;
  readonly route: Route;
  readonly raw: RawBody | undefined;
  readonly begun: readonly Begun[];
}

export interface RequestContext {
  readonly config: InternalAxiosRequestConfig;
  readonly attachment: Attachment;
  readonly internals: Internals<Token>;
  readonly authAdapter: AuthAdapter;
  readonly url: URL;
  /** What was judged, and goes out. */
  readonly target: Target;
  readonly isLocal: boolean;
  /** When the caller's timeout began to run; 0 without one. */
  readonly startedAt: number;
}

/** The context, or undefined when the request passes untouched (C9, C10). The first attachment allowed serves. */
export function contextOf(config: InternalAxiosRequestConfig, authAdapter: AuthAdapter): RequestContext | undefined {
  const target = targetOf(config);
  for (const attachment of authAdapter.attachments) {
    const { url, isAllowed, isLocal } = attachment.addresses(target);
    if (!isAllowed || url === undefined || target === undefined) continue;
    const skip = skipReason(config);
    const internals = chosenInternals(config, skip ? { internals: attachment.internals } : attachment);
    const startedAt = ownProperty(config, 'timeout') ? internals.clock.now() : 0;
    if (skip === undefined) return { config, attachment, internals, authAdapter, url, target, isLocal, startedAt };
    emitSkipped(internals, url, skip);
    noticeOnce(attachment, internals, skip);
    return undefined;
  }
  const [first] = authAdapter.attachments;
  if (first) emitSkipped(first.internals, first.addresses(target).url, 'not_allowed');
  return undefined;
}

/** @throws ConfigurationError when `authorizer` is neither an Authorizer nor false */
export function chosenInternals(
  config: InternalAxiosRequestConfig,
  { internals, pick }: Pick<Attachment, 'internals' | 'pick'>,
): Internals<Token> {
  const chosen = ownProperty(config, 'authorizer') ?? false;
  return chosen === false ? (pick?.(config) ?? internals) : internalsOf(chosen);
}

/** @throws AuthenticationError `logged_out` when the session in which the request began is over */
export function assertSession({ config, internals, authAdapter }: RequestContext): void {
  const { session } = internals.lifecycle;
  const noted = takeNotedSession(config);
  const begun = authAdapter.begun.find((one) => one.internals === internals)?.session;
  if ((noted !== undefined && noted !== session?.id) || (begun !== undefined && begun !== session)) throw loggedOut();
}

/** Why a request whose URL is allowed goes without a token all the same. */
export function skipReason(config: InternalAxiosRequestConfig): SkipReason | undefined {
  if (ownProperty(config, 'authorizer') === false) return 'opted_out';
  if (headerName(config.headers, 'Authorization') !== undefined) return 'own_authorization';
  return ownProperty(config, 'auth') ? 'basic_auth' : undefined;
}

function emitSkipped({ observer, clock }: Internals<Token>, url: URL | undefined, reason: SkipReason): void {
  observer?.({ type: 'skipped', at: clock.now(), url: describeUrl(url), reason });
}

/** A header that is left over among the defaults, or a generated client's own, would win for ever without a word (C10). */
function noticeOnce({ noticed }: Attachment, { observer, clock }: Internals<Token>, reason: SkipReason): void {
  if (reason === 'opted_out' || noticed.has(reason)) return;
  noticed.add(reason);
  const own = reason === 'basic_auth' ? '`auth`' : 'Authorization header';
  observer?.({
    type: 'notice',
    at: clock.now(),
    message: `A request's own ${own} wins over the token; said once a client`,
  });
}

/** What goes along with `token`; a header that the caller set is the caller's. */
export function attemptOf({ attachment, internals, config }: RequestContext, token: Token): Attempt {
  let { headers, names } = internals.credentialsOf(token);
  for (const name of names)
    if (name !== 'Authorization' && headerName(config.headers, name)) ({ headers, names } = without(name, headers));
  return { allowList: attachment.allowList, headers, names, isAllowed: true };
}

function without(name: string, headers: Credentials['headers']): Credentials {
  const { [name]: _callers, ...others } = headers;
  return { headers: others, names: Object.keys(others) };
}
