// One request on its way: where it goes, which attachment serves it, whose token it may carry.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { engineOf } from './authorizer.js';
import type { Authorizer } from './authorizer.js';
import { headerName } from './axios-config.js';
import type { AdapterKinds, AdapterSetting, AddressBook } from './axios-config.js';
import type { Engine } from './engine.js';
import type { SkipReason } from './observer.js';
import type { Journey } from './redirects.js';
import type { RawBody } from './request-body.js';
import { describeUrl } from './request-scope.js';
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

/** What our request interceptors put under a request. */
export interface Wrapped {
  readonly attachments: readonly Attachment[];
  readonly inner: AdapterSetting;
  readonly raw: RawBody | undefined;
}

export interface Trip {
  readonly config: InternalAxiosRequestConfig;
  readonly attachment: Attachment;
  readonly engine: Engine<Token>;
  readonly send: AxiosAdapter;
  /** "http", "fetch", "xhr" or "custom". */
  readonly kind: string;
  readonly url: URL;
  readonly raw: RawBody | undefined;
  readonly startedAt: number;
}

/** The trip, or undefined when the request passes untouched (C9, C10). The first attachment in scope serves. */
export function planTrip(config: InternalAxiosRequestConfig, wrapped: Wrapped, send: AxiosAdapter): Trip | undefined {
  const { attachments, inner, raw } = wrapped;
  const [first] = attachments;
  const url = first?.addresses.urlOf(config);
  const attachment = attachments.find(({ scope }) => url !== undefined && scope.allows(url));
  const skip = skipReason(config, attachment !== undefined);
  if (skip === undefined && url && attachment) {
    const engine = engineOf(config.authorizer || attachment.authorizer);
    const kind = attachment.adapters.kindOf(inner);
    return { config, attachment, engine, send, kind, url, raw, startedAt: engine.clock.now() };
  }
  const serving = attachment ?? first;
  if (serving) tellSkipped(engineOf(config.authorizer || serving.authorizer), url, skip ?? 'out of scope');
  return undefined;
}

function skipReason(config: InternalAxiosRequestConfig, inScope: boolean): SkipReason | undefined {
  if (config.authorizer === false) return 'opted out';
  if (!inScope) return 'out of scope';
  if (headerName(config.headers, 'Authorization') !== undefined) return 'own authorization';
  return config.auth ? 'basic auth' : undefined;
}

function tellSkipped({ observer, clock }: Engine<Token>, url: URL | undefined, reason: SkipReason): void {
  observer?.({ type: 'skipped', at: clock.now(), url: describeUrl(url), reason });
}

/** What goes along with `token`; a header that the caller set is the caller's. */
export function journeyOf({ attachment, engine, config }: Trip, token: Token): Journey {
  const ours = engine.headersOf(token);
  const isCallers = (name: string): boolean => headerName(config.headers, name) !== undefined;
  const headers = Object.keys(ours).some(isCallers)
    ? Object.fromEntries(Object.entries(ours).filter(([name]) => !isCallers(name)))
    : ours;
  return { scope: attachment.scope, headers, inScope: true };
}
