// What we add to an axios request config, and what we read from one: the URL it will really go to, the adapter it will use.
import axios, { Axios, AxiosHeaders, getAdapter } from 'axios';
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { definedOnly, membersOf, textOf } from './members.js';
import { isLoopback, parseUrl } from './request-scope.js';
import type { RequestScope } from './request-scope.js';

export type AdapterSetting = InternalAxiosRequestConfig['adapter'];
/** axios's `AxiosHeaders`, as both of its declarations (ESM and CommonJS) know it. */
export type Headers = InternalAxiosRequestConfig['headers'];

/** Where a request goes, and whether a token may go along. */
export interface Address {
  /** Without params; undefined when it cannot be parsed. */
  readonly url: URL | undefined;
  readonly inScope: boolean;
  /** Plain http to this machine, which no proxy on the way may see. */
  readonly isLocal: boolean;
}

const ADDRESSES_KEPT = 500;

/** Resolves a config to its URL as the installed axios does, judges it, and remembers both: a client repeats its URLs. */
export class AddressBook {
  readonly #scope: RequestScope;
  readonly #bare = new Axios();
  readonly #known = new Map<string, Map<string, Address>>();
  #count = 0;

  constructor(scope: RequestScope) {
    this.#scope = scope;
  }

  find(config: InternalAxiosRequestConfig): Address {
    const { allowAbsoluteUrls } = config;
    const url = textOfUrl(config.url);
    const baseUrl = textOfUrl(config.baseURL);
    const base = allowAbsoluteUrls === false ? `${baseUrl}\n` : baseUrl;
    return this.#known.get(base)?.get(url) ?? this.#remember(base, url, this.#judge(config));
  }

  #remember(base: string, url: string, address: Address): Address {
    if (this.#count++ % ADDRESSES_KEPT === 0) this.#known.clear();
    const book = this.#known.get(base) ?? new Map<string, Address>();
    this.#known.set(base, book.set(url, address));
    return address;
  }

  #judge(config: InternalAxiosRequestConfig): Address {
    const url = this.#resolve(config);
    const inScope = url !== undefined && this.#scope.allows(url);
    return { url, inScope, isLocal: url?.protocol === 'http:' && isLoopback(url.hostname) };
  }

  #resolve({ baseURL, url, allowAbsoluteUrls }: InternalAxiosRequestConfig): URL | undefined {
    try {
      return parseUrl(this.#bare.getUri(definedOnly({ baseURL, url, allowAbsoluteUrls })));
    } catch {
      return undefined;
    }
  }
}

/** In JavaScript it may be a URL object, which may change under us; its text does not. */
function textOfUrl(url: unknown): string {
  return typeof url === 'string' ? url : (textOf(membersOf(url)['href']) ?? '');
}

/** The adapter that a setting leads to on this platform. */
export interface Route {
  /** "http", "xhr", "fetch", or "custom" for a function. */
  readonly kind: string;
  /** The function that sends. @throws AxiosError when the platform has none of the adapters */
  sender(config: InternalAxiosRequestConfig): AxiosAdapter;
}

export function routeOf(setting: AdapterSetting): Route {
  const adapters = setting ?? axios.defaults.adapter;
  const names = Array.isArray(adapters) ? adapters : [adapters];
  const chosen = names.find((adapter) => typeof adapter === 'function' || isAvailable(String(adapter)));
  if (typeof chosen === 'function') return { kind: 'custom', sender: () => chosen };
  const kind = String(chosen ?? names[0]).toLowerCase();
  // the fetch adapter depends on the request's `env`
  const fixed = kind === 'http' || kind === 'xhr' ? adapterOf(kind) : undefined;
  return { kind, sender: (config) => fixed ?? adapterOf(adapters, config) };
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

/**
 * A shallow copy of a config, symbols included. A config is a dictionary without prototype; V8 spreads such an object five
 * times slower than it is copied key by key, and this is on the path of every request.
 */
export function copyConfig(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  const copy: { [key: string | symbol]: unknown } = {};
  const source = membersOf(config);
  for (const key of Object.keys(config)) copy[key] = source[key];
  for (const key of Object.getOwnPropertySymbols(config))
    if (Object.prototype.propertyIsEnumerable.call(config, key)) copy[key] = Reflect.get(config, key);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has every member of one
  return copy as unknown as InternalAxiosRequestConfig;
}

/** A copy of the headers whose changes the caller's config never sees; much cheaper than `AxiosHeaders.from`. */
export function copyHeaders(headers: Headers): Headers {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made of that prototype
  const copy = Object.create(AxiosHeaders.prototype) as Headers;
  return Object.assign(copy, headers);
}

/** The name under which `headers` holds `name`, compared without case; an undefined value is no header. */
export function headerName(headers: object, name: string): string | undefined {
  for (const key of Object.keys(headers))
    if (key.length === name.length && key.toLowerCase() === name.toLowerCase())
      return membersOf(headers)[key] === undefined ? undefined : key;
  return undefined;
}

export function removeHeader(headers: object, name: string): void {
  const present = headerName(headers, name);
  if (present !== undefined) Reflect.deleteProperty(headers, present);
}
