// What we add to an axios request config, and what we read from one: the URL it will really go to, the adapter it will use.
import axios, { Axios, getAdapter } from 'axios';
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import type { OutgoingRequest } from '../authorizer/credentials.js';
import { recordOf } from '../internal/records.js';
import { isLoopback, parseUrl } from '../request/allow-list.js';
import type { AllowList } from '../request/allow-list.js';
import { mayLeadToSocket } from './http/http-adapter.js';

export type AdapterSetting = InternalAxiosRequestConfig['adapter'];

/** Where a request goes, and whether a token may go along. */
interface Address {
  /** Without params; undefined when it cannot be parsed. */
  readonly url: URL | undefined;
  readonly isAllowed: boolean;
  /** Plain http to this machine, which no proxy on the way may see. */
  readonly isLocal: boolean;
}

/**
 * Has a copy say in strings where its request goes. In JavaScript a URL may be anything (an object, the array of a doubled query
 * parameter), and an object may answer differently each time: it is asked once, so that what is judged is what is sent.
 * @returns whether it can be said; axios would throw otherwise
 */
export function settleTarget(copy: InternalAxiosRequestConfig): boolean {
  const { url, baseURL }: { readonly url?: unknown; readonly baseURL?: unknown } = copy;
  if (typeof (url ?? '') === 'string' && typeof (baseURL ?? '') === 'string') return true;
  try {
    const text = ''.concat(copy.baseURL ? joined(copy) : `${copy.url}`);
    Object.assign(copy, { url: parseUrl(text)?.href ?? text, baseURL: undefined, allowAbsoluteUrls: undefined });
    return true;
  } catch {
    return false;
  }
}

/** As the installed axios joins it. @throws as axios does */
function joined({ url, baseURL, allowAbsoluteUrls }: InternalAxiosRequestConfig): string {
  return new Axios().getUri(Object.assign<object, object>({}, { url, baseURL, allowAbsoluteUrls }));
}

function joinedUrl(copy: InternalAxiosRequestConfig): string | undefined {
  try {
    return joined(copy);
  } catch {
    return undefined;
  }
}

/** A request as its adapter sends it. @param known where it goes, params aside; a page's URL may be relative */
export function outgoing(config: InternalAxiosRequestConfig, known: URL): OutgoingRequest {
  const url = parseUrl(new Axios().getUri(config), known.href) ?? known;
  return { method: (config.method ?? 'get').toUpperCase(), url };
}

const ADDRESSES_KEPT = 500;
const BLANK = 0x20;
const NOWHERE: Address = { url: undefined, isAllowed: false, isLocal: false };

/** By `baseURL`, then by `url`: one key of both would have to be made, and hashed, for each request. */
type Addresses = Map<string, Map<string, Address>>;

/** Judges where requests go, and remembers it: a client repeats its URLs. */
export class AddressBook {
  readonly #allowList: AllowList;
  readonly #known: Addresses = new Map();
  /** Of requests whose `allowAbsoluteUrls` is false. */
  readonly #joined: Addresses = new Map();
  #count = 0;

  constructor(allowList: AllowList) {
    this.#allowList = allowList;
  }

  /** @param isClear what `settleTarget` says of the copy */
  find(copy: InternalAxiosRequestConfig, isClear: boolean): Address {
    if (!isClear) return NOWHERE;
    const { url } = copy;
    if (typeof url !== 'string') return judged(copy, this.#allowList);
    const known = copy.allowAbsoluteUrls === false ? this.#joined : this.#known;
    return known.get(copy.baseURL ?? '')?.get(url) ?? this.#learn(known, copy, url);
  }

  #learn(known: Addresses, copy: InternalAxiosRequestConfig, url: string): Address {
    if (this.#count >= ADDRESSES_KEPT) {
      this.#known.clear();
      this.#joined.clear();
      this.#count = 0;
    }
    const address = judged(copy, this.#allowList);
    const base = copy.baseURL ?? '';
    known.set(base, (known.get(base) ?? new Map<string, Address>()).set(url, address));
    this.#count += 1;
    return address;
  }
}

function judged(copy: InternalAxiosRequestConfig, allowList: AllowList): Address {
  const text = joinedUrl(copy);
  const url = text === undefined ? undefined : parseUrl(text);
  const isAllowed = url !== undefined && allowList.allows(url) && allowsWithParams(text ?? '', allowList);
  return { url, isAllowed, isLocal: url?.protocol === 'http:' && isLoopback(url.hostname) };
}

/** A parser drops a blank at the end of a URL, but not before params, where it belongs to the path. */
function allowsWithParams(text: string, allowList: AllowList): boolean {
  const url = text.charCodeAt(text.length - 1) > BLANK ? undefined : parseUrl(`${text}?`);
  return url === undefined || allowList.allows(url);
}

/** The adapter that a setting leads to on this platform. */
export interface Route {
  /** "http", "xhr", "fetch", or "custom" for a function. */
  readonly kind: string;
  /** What sends; the fetch adapter depends on the request's `env`. */
  readonly fixed: AxiosAdapter | undefined;
  readonly adapters: AdapterSetting;
}

export function routeOf(setting: AdapterSetting): Route {
  const adapters = setting ?? axios.defaults.adapter;
  const names = Array.isArray(adapters) ? adapters : [adapters];
  const chosen = names.find((adapter) => typeof adapter === 'function' || isAvailable(String(adapter)));
  if (typeof chosen === 'function') return { kind: 'custom', fixed: chosen, adapters };
  const kind = String(chosen ?? names[0]).toLowerCase();
  return { kind, fixed: kind === 'http' || kind === 'xhr' ? adapterOf(kind) : undefined, adapters };
}

/** @throws AxiosError when the platform has none of the adapters */
export function adapterOf(setting: AdapterSetting, config?: InternalAxiosRequestConfig): AxiosAdapter {
  const find: (setting: AdapterSetting, config?: InternalAxiosRequestConfig) => AxiosAdapter = getAdapter;
  return find(setting, config);
}

function isAvailable(name: string): boolean {
  try {
    return typeof getAdapter(name) === 'function';
  } catch {
    return false;
  }
}

/** A copy of a config, whose changes the caller's own never sees. */
export interface ConfigCopy {
  readonly copy: InternalAxiosRequestConfig;
  /** Whether the config may show what hangs on sockets when it is printed. */
  readonly mayHoldSockets: boolean;
}

/** What nearly every config has, what is read of its copy, and what is put on it. */
const USUAL_MEMBERS: { readonly [key: string | symbol]: unknown } = {
  transitional: undefined,
  adapter: undefined,
  transformRequest: undefined,
  transformResponse: undefined,
  timeout: undefined,
  xsrfCookieName: undefined,
  xsrfHeaderName: undefined,
  maxContentLength: undefined,
  maxBodyLength: undefined,
  env: undefined,
  validateStatus: undefined,
  headers: undefined,
  baseURL: undefined,
  method: undefined,
  url: undefined,
  allowAbsoluteUrls: undefined,
  data: undefined,
  auth: undefined,
  authorizer: undefined,
  fetchOptions: undefined,
  sensitiveHeaders: undefined,
  beforeRedirect: undefined,
};

/** What decides where a request goes, and whether a token goes along. */
const JUDGED_BY = ['url', 'baseURL', 'allowAbsoluteUrls', 'authorizer', 'auth'];

/**
 * A shallow copy of a config, symbols included. A config is a dictionary without prototype; V8 spreads such an object five
 * times slower than it is copied key by key, and this is on the path of every request. A copy that begins with the usual
 * members becomes no dictionary, and what a request is judged by is never inherited.
 */
export function copyConfig(config: InternalAxiosRequestConfig): ConfigCopy {
  const copy: { [key: string | symbol]: unknown } = { ...USUAL_MEMBERS };
  const source: { readonly [key: string]: unknown } = recordOf(config);
  let mayHoldSockets = false;
  for (const key of Object.keys(config)) {
    const { [key]: value } = source;
    copy[key] = value;
    if (!mayHoldSockets) mayHoldSockets = mayLeadToSocket(key, value);
  }
  for (const key of Object.getOwnPropertySymbols(config))
    if (Object.prototype.propertyIsEnumerable.call(config, key)) copy[key] = Reflect.get(config, key);
  // not enumerable: axios reads it all the same
  for (const name of JUDGED_BY) if (copy[name] === undefined && Object.hasOwn(config, name)) copy[name] = source[name];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has every member of one
  return { copy: copy as unknown as InternalAxiosRequestConfig, mayHoldSockets };
}
