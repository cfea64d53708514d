// One request on its way: where it goes, which attachment serves it, whose token it may carry.
import type { InternalAxiosRequestConfig } from 'axios';
import { engineOf } from '../../authorizer.js';
import { headerName, targetOf } from '../request-config.js';
import type { AdapterSetting, AddressBook, Route, Target } from '../request-config.js';
import type { Credentials, Engine } from '../../engine.js';
import { loggedOut } from '../../token/errors/lifecycle-errors.js';
import { ownMember } from '../../internal/records.js';
import type { SkipReason } from '../../token/observer.js';
import type { Journey } from './journey.js';
import type { RawBody } from '../http/raw-body.js';
import { describeUrl } from '../../request/allow-list.js';
import { takeNotedSession } from './retried-session.js';
import type { RequestScope } from '../../request/allow-list.js';
import type { Session } from '../../lifecycle/session.js';
import type { Token } from '../../token/token.js';
import type { Unauthorized } from '../unauthorized.js';

/** One authorizer on one client. */
export interface Attachment {
  readonly engine: Engine<Token>;
  readonly scope: RequestScope;
  readonly addresses: AddressBook;
  readonly unauthorized: Unauthorized | undefined;
  readonly browserRedirects: 'check' | 'trust';
}

/** In which session a request began, when our interceptor saw it: others may take their time before it is sent (C17). */
export interface Begun {
  readonly engine: Engine<Token>;
  readonly session: Session | undefined;
}

/** What our request interceptors put under a request. */
export interface Wrapped {
  readonly attachments: readonly Attachment[];
  /** What stood in `config.adapter`, and where it leads. */
  readonly inner: AdapterSetting;
  readonly route: Route;
  readonly raw: RawBody | undefined;
  readonly begun: readonly Begun[];
}

export interface Trip {
  readonly config: InternalAxiosRequestConfig;
  readonly attachment: Attachment;
  readonly engine: Engine<Token>;
  readonly wrapped: Wrapped;
  readonly url: URL;
  /** What was judged, and goes out. */
  readonly target: Target;
  readonly isLocal: boolean;
  /** When the caller's timeout began to run; 0 without one. */
  readonly startedAt: number;
}

/** The trip, or undefined when the request passes untouched (C9, C10). The first attachment in scope serves. */
export function planTrip(config: InternalAxiosRequestConfig, wrapped: Wrapped): Trip | undefined {
  const target = targetOf(config);
  for (const attachment of wrapped.attachments) {
    const { url, inScope, isLocal } = attachment.addresses(target);
    if (!inScope || url === undefined || target === undefined) continue;
    const engine = chosenEngine(config, attachment);
    const skip = skipReason(config);
    const startedAt = ownMember(config, 'timeout') ? engine.clock.now() : 0;
    if (skip === undefined) return { config, attachment, engine, wrapped, url, target, isLocal, startedAt };
    tellSkipped(engine, url, skip);
    return undefined;
  }
  const [first] = wrapped.attachments;
  if (first) tellSkipped(first.engine, first.addresses(target).url, 'out of scope');
  return undefined;
}

/** @throws ConfigurationError when `authorizer` is neither an Authorizer nor false */
export function chosenEngine(config: InternalAxiosRequestConfig, { engine }: Attachment): Engine<Token> {
  const chosen = ownMember(config, 'authorizer') ?? false;
  return chosen === false ? engine : engineOf(chosen);
}

/** @throws AuthenticationError `logged_out` when the session in which the request began is over */
export function assertSession({ config, engine, wrapped }: Trip): void {
  const { session } = engine.lifecycle;
  const noted = takeNotedSession(config);
  const begun = wrapped.begun.find((one) => one.engine === engine)?.session;
  if ((noted !== undefined && noted !== session?.id) || (begun !== undefined && begun !== session)) throw loggedOut();
}

/** Why a request whose URL is allowed goes without a token all the same. */
export function skipReason(config: InternalAxiosRequestConfig): SkipReason | undefined {
  if (ownMember(config, 'authorizer') === false) return 'opted out';
  if (headerName(config.headers, 'Authorization') !== undefined) return 'own authorization';
  return ownMember(config, 'auth') ? 'basic auth' : undefined;
}

function tellSkipped({ observer, clock }: Engine<Token>, url: URL | undefined, reason: SkipReason): void {
  observer?.({ type: 'skipped', at: clock.now(), url: describeUrl(url), reason });
}

/** What goes along with `token`; a header that the caller set is the caller's. */
export function journeyOf({ attachment, engine, config }: Trip, token: Token): Journey {
  let { headers, names } = engine.credentialsOf(token);
  for (const name of names)
    if (name !== 'Authorization' && headerName(config.headers, name)) ({ headers, names } = without(name, headers));
  return { scope: attachment.scope, headers, names, inScope: true };
}

function without(name: string, headers: Credentials['headers']): Credentials {
  const { [name]: _callers, ...others } = headers;
  return { headers: others, names: Object.keys(others) };
}
