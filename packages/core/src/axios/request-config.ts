// What we add to an axios request config, and what we read from one: the URL it will really go to, the adapter it will use.
import axios, { Axios, AxiosHeaders, getAdapter } from 'axios';
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { recordOf, ownProperty } from '../internal/records.js';
import { isLoopback, parseUrl } from '../request/allow-list.js';
import type { AllowList } from '../request/allow-list.js';

export type AdapterSetting = InternalAxiosRequestConfig['adapter'];
/** axios's `AxiosHeaders`, as both of its declarations (ESM and CommonJS) know it. */
export type Headers = InternalAxiosRequestConfig['headers'];

/** Where a request goes, and whether a token may go along. */
interface Address {
  /** Without params; undefined when it cannot be parsed. */
  readonly url: URL | undefined;
  readonly isAllowed: boolean;
  /** Plain http to this machine, which no proxy on the way may see. */
  readonly isLocal: boolean;
}

/** What a config says of where its request goes, read once: what is judged is what is sent. */
export interface Target {
  readonly url?: string | null | undefined;
  readonly baseURL?: string | null | undefined;
  readonly allowAbsoluteUrls?: boolean | undefined;
  /** Only strings say the same each time, so that a verdict on them may be remembered. */
  readonly isText: boolean;
}

/** @returns undefined when axios would throw */
export function targetOf(config: InternalAxiosRequestConfig): Target | undefined {
  const url = ownProperty(config, 'url');
  const baseURL = ownProperty(config, 'baseURL');
  const allowAbsoluteUrls = ownProperty(config, 'allowAbsoluteUrls');
  const isText = isString(url) && isString(baseURL);
  return isText ? { url, baseURL, allowAbsoluteUrls, isText } : asText({ url, baseURL, allowAbsoluteUrls });
}

/** In JavaScript a URL may be anything: an object, the array of a doubled query parameter. */
function isString(value: unknown): boolean {
  return typeof value === 'string' || value === undefined || value === null;
}

/** What axios would make of it. It is asked once, since an object may answer differently each time. */
function asText(target: Omit<Target, 'isText'>): Target | undefined {
  try {
    const text = ''.concat(target.baseURL ? joined(target) : `${target.url}`);
    return { url: parseUrl(text)?.href ?? text, isText: false };
  } catch {
    return undefined;
  }
}

function joinedUrl(target: Target): string | undefined {
  try {
    return joined(target);
  } catch {
    return undefined;
  }
}

/** As the installed axios joins it. @throws as axios does */
function joined({ url, baseURL, allowAbsoluteUrls }: Omit<Target, 'isText'>): string {
  return new Axios().getUri(Object.assign<object, object>({}, { url, baseURL, allowAbsoluteUrls }));
}

/** Writes what was judged on the copy that is sent, where the config says something else by now. */
export function pinTarget(copy: InternalAxiosRequestConfig, { url, baseURL, allowAbsoluteUrls }: Target): void {
  if (copy.url !== url) Reflect.set(copy, 'url', url);
  if (copy.baseURL !== baseURL) Reflect.set(copy, 'baseURL', baseURL);
  if (copy.allowAbsoluteUrls !== allowAbsoluteUrls) Reflect.set(copy, 'allowAbsoluteUrls', allowAbsoluteUrls);
}

const ADDRESSES_KEPT = 500;
const BLANK = 0x20;
const NOWHERE: Address = { url: undefined, isAllowed: false, isLocal: false };

/** Judges where requests go, and remembers it: a client repeats its URLs. */
export type AddressBook = (target: Target | undefined) => Address;

export function addressBook(allowList: AllowList): AddressBook {
  const known = new Map<string, Address>();
  return (target) => {
    if (target === undefined) return NOWHERE;
    const { url, baseURL, allowAbsoluteUrls, isText } = target;
    if (!isText || typeof url !== 'string') return judged(target, allowList);
    const base = baseURL ?? '';
    const key = `${allowAbsoluteUrls === false} ${base.length} ${base}${url}`; // no two targets share it
    const found = known.get(key);
    if (found) return found;
    if (known.size >= ADDRESSES_KEPT) known.clear();
    const address = judged(target, allowList);
    known.set(key, address);
    return address;
  };
}

function judged(target: Target, allowList: AllowList): Address {
  const text = joinedUrl(target);
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

/** What nearly every config has, and what is put on its copy. */
const usualMembers = (): { [key: string | symbol]: unknown } => ({
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
  fetchOptions: undefined,
  sensitiveHeaders: undefined,
  beforeRedirect: undefined,
});

/**
 * A shallow copy of a config, symbols included. A config is a dictionary without prototype; V8 spreads such an object five
 * times slower than it is copied key by key, and this is on the path of every request. A copy that begins with the usual
 * members becomes no dictionary.
 */
export function copyConfig(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  const copy = usualMembers();
  const source = recordOf(config);
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
      return recordOf(headers)[key] === undefined ? undefined : key;
  return undefined;
}

export function removeHeader(headers: object, name: string): void {
  const present = headerName(headers, name);
  if (present !== undefined) Reflect.deleteProperty(headers, present);
}
