// What we add to an axios request config, and what we read from one: the URL it will really go to, the adapter it will use.
import axios, { AxiosHeaders } from 'axios';
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { parseUrl } from './request-scope.js';

export type AdapterSetting = InternalAxiosRequestConfig['adapter'];
/** axios's `AxiosHeaders`, as both of its declarations (ESM and CommonJS) know it. */
export type Headers = InternalAxiosRequestConfig['headers'];

const ADDRESSES_KEPT = 500;

/** Resolves a config to its URL as the installed axios does, and remembers the answer: a client repeats its URLs. */
export class AddressBook {
  readonly #bare = new axios.Axios({});
  readonly #known = new Map<string, URL | undefined>();

  /** The URL without params, or undefined when it cannot be parsed. */
  urlOf(config: InternalAxiosRequestConfig): URL | undefined {
    const { baseURL = '', url = '', allowAbsoluteUrls } = config;
    const key = `${allowAbsoluteUrls === false ? '!' : ''}${baseURL}\n${url}`;
    if (this.#known.has(key)) return this.#known.get(key);
    if (this.#known.size >= ADDRESSES_KEPT) this.#known.clear();
    const parsed = this.#resolve(config);
    this.#known.set(key, parsed);
    return parsed;
  }

  #resolve({ baseURL, url, allowAbsoluteUrls }: InternalAxiosRequestConfig): URL | undefined {
    try {
      return parseUrl(this.#bare.getUri(definedConfig({ baseURL, url, allowAbsoluteUrls })));
    } catch {
      return undefined;
    }
  }
}

function definedConfig(config: object): object {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

/** Knows which of axios's adapters a setting leads to on this platform. */
export class AdapterKinds {
  readonly #known = new Map<string, string>();

  /** "http", "xhr", "fetch", or "custom" for a function. */
  kindOf(setting: AdapterSetting): string {
    if (typeof setting === 'function' || (Array.isArray(setting) && typeof setting[0] === 'function')) return 'custom';
    const key = String(setting ?? axios.defaults.adapter);
    let kind = this.#known.get(key);
    if (kind === undefined) {
      kind = key.split(',').find(isAvailable)?.toLowerCase() ?? 'custom';
      this.#known.set(key, kind);
    }
    return kind;
  }
}

function isAvailable(name: string): boolean {
  try {
    return typeof axios.getAdapter(name) === 'function';
  } catch {
    return false;
  }
}

/** The function that sends. @throws AxiosError when the platform has none of the adapters */
export function adapterOf(setting: AdapterSetting, config: InternalAxiosRequestConfig): AxiosAdapter {
  const find: (setting: AdapterSetting, config: InternalAxiosRequestConfig) => AxiosAdapter = axios.getAdapter;
  return find(setting ?? axios.defaults.adapter, config);
}

/** A copy of the headers whose changes the caller's config never sees; much cheaper than `AxiosHeaders.from`. */
export function copyHeaders(headers: Headers): Headers {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made of that prototype
  const copy = Object.create(AxiosHeaders.prototype) as Headers;
  return Object.assign(copy, headers);
}

/** The name under which `headers` holds `name`, compared without case. */
export function headerName(headers: object, name: string): string | undefined {
  if (name in headers && Object.hasOwn(headers, name)) return name;
  const lower = name.toLowerCase();
  return Object.keys(headers).find((key) => key.toLowerCase() === lower);
}
