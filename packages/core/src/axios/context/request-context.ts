// One request on its way: where it goes, which attachment serves it, whose token it carries there. A retry after a 401 is judged
// anew, as whatever waits is: others may have changed the config meanwhile.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Authorizer } from '../../authorizer.js';
import { internalsOfOwn } from '../../authorizer/internals.js';
import { headerName } from '../headers.js';
import { copyConfig, settleTarget, outgoing } from '../request-config.js';
import type { AdapterSetting, AddressBook, ConfigCopy, Route } from '../request-config.js';
import type { Credentials } from '../../authorizer/credentials.js';
import type { Internals, Picker } from '../../authorizer/internals.js';
import { loggedOut } from '../../token/errors/lifecycle-errors.js';
import type { SkipReason } from '../../token/observer.js';
import type { Attempt } from './attempt.js';
import type { RawBody } from '../http/raw-body.js';
import { takeNotedSession } from './retried-session.js';
import type { AllowList } from '../../request/allow-list.js';
import { emitSkipped, noticeOnce } from '../../request/skipped.js';
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
  readonly signedOut: 'reject' | 'anonymous';
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

/** A request as it was judged: on a copy of its config, which is what goes out. */
export interface RequestContext extends ConfigCopy {
  /** The caller's own, which never carries credentials. */
  readonly config: InternalAxiosRequestConfig;
  readonly attachment: Attachment;
  readonly internals: Internals<Token>;
  readonly authAdapter: AuthAdapter;
  readonly url: URL;
  readonly isLocal: boolean;
  /** When the caller's timeout began to run; 0 without one. */
  readonly startedAt: number;
}

/** The request on its way with a token. */
export interface Sending extends Attempt {
  readonly context: RequestContext;
  readonly token: Token;
  /** The token as it goes out. */
  readonly bearer: string;
  copy: InternalAxiosRequestConfig;
  /** Where redirects are followed by hand, since the adapter must not. */
  byHand: ByHand | undefined;
}

export interface ByHand {
  readonly send: AxiosAdapter;
  /** Whether `beforeRedirect` is asked before each hop, as the http adapter would have. */
  readonly asksCaller?: boolean;
  /** Whether an answer would have been a redirect that was followed, had we not asked for it as it is. */
  readonly isOurs: (response: AxiosResponse) => boolean;
}

/** The context, or undefined when the request passes untouched (C9, C10). The first attachment allowed serves. */
export function contextOf(
  config: InternalAxiosRequestConfig,
  authAdapter: AuthAdapter,
  since?: number,
): RequestContext | undefined {
  const { copy, mayHoldSockets } = copyConfig(config);
  const isClear = settleTarget(copy);
  for (const attachment of authAdapter.attachments) {
    const { url, isAllowed, isLocal } = attachment.addresses.find(copy, isClear);
    if (!isAllowed || url === undefined) continue;
    const skip = skipReason(copy);
    const own = chosenInternals(copy.authorizer, attachment.internals);
    const internals = skip === undefined && !copy.authorizer ? (attachment.pick?.(config) ?? own) : own;
    const startedAt = since ?? (copy.timeout ? internals.clock.now() : 0);
    if (skip === undefined)
      return { copy, mayHoldSockets, config, attachment, internals, authAdapter, url, isLocal, startedAt };
    emitSkipped(internals, url, skip);
    noticeOnce(internals, attachment.noticed, skip);
    return undefined;
  }
  skippedAsNotAllowed(authAdapter, (attachment) => attachment.addresses.find(copy, isClear).url);
  return undefined;
}

function skippedAsNotAllowed({ attachments }: AuthAdapter, urlOf: (attachment: Attachment) => URL | undefined): void {
  const excepting = attachments.find((attachment) => {
    const url = urlOf(attachment);
    return url !== undefined && attachment.allowList.excepts(url);
  });
  const [first] = attachments;
  const by = excepting ?? first;
  if (by) emitSkipped(by.internals, urlOf(by), excepting ? 'excepted' : 'not_allowed');
}

/**
 * The internals of `chosen`, a request's `authorizer`; of the attachment where it says nothing.
 *
 * @throws ConfigurationError when `chosen` is neither an Authorizer nor false
 */
export function chosenInternals(chosen: Authorizer | false | undefined, own: Internals<Token>): Internals<Token> {
  const asked = chosen ?? false;
  return asked === false ? own : internalsOfOwn(asked);
}

/**
 * @returns whether the request began in a session: then it never goes out without a token (C19)
 * @throws AuthenticationError `logged_out` when that session is over
 */
export function assertSession({ copy, internals, authAdapter }: RequestContext): boolean {
  const { session } = internals.lifecycle;
  const noted = copy['axios-retry'] && takeNotedSession(copy);
  if (noted !== undefined && noted !== session?.id) throw loggedOut();
  for (const begun of authAdapter.begun) {
    if (begun.internals !== internals) continue;
    if (begun.session !== undefined && begun.session !== session) throw loggedOut();
    return (noted ?? begun.session) !== undefined;
  }
  return noted !== undefined;
}

/** Why a request whose URL is allowed goes without a token all the same. */
export function skipReason({ authorizer, headers, auth }: InternalAxiosRequestConfig): SkipReason | undefined {
  if (authorizer === false) return 'opted_out';
  if (headerName(headers, 'Authorization') !== undefined) return 'own_authorization';
  return auth ? 'basic_auth' : undefined;
}

/** The request with what carries `token`; a header that the caller set is the caller's. */
export function sendingOf(context: RequestContext, token: Token): Sending {
  const { attachment, copy, authAdapter, internals, url } = context;
  const request = internals.isPerRequest ? () => outgoing(copy, url) : undefined;
  const { headers, names, bearer } = credentialsBeside(copy.headers, internals.credentialsOf(token, request));
  const { allowList } = attachment;
  const { kind } = authAdapter.route;
  return {
    context,
    token,
    bearer,
    copy,
    byHand: undefined,
    allowList,
    kind,
    headers,
    names,
    isAllowed: true,
    appliedTo: undefined,
  };
}

/** Ours, less those that the caller has set. */
export function credentialsBeside(callers: object, ours: Credentials): Credentials {
  let credentials = ours;
  for (const name of ours.names)
    if (name !== 'Authorization' && headerName(callers, name)) credentials = without(name, credentials);
  return credentials;
}

function without(name: string, { headers, names, bearer }: Credentials): Credentials {
  const { [name]: _callers, ...others } = headers;
  return { headers: others, names: names.filter((other) => other !== name), bearer };
}
