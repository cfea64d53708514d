// Where a client's public keys come from: handed over at registration, or read from the URL that was registered. The
// second way is kept exactly as long as the client's own Cache-Control allows, so that a key that was not published early
// enough before its first use is caught.

import { demandClient, Refusal } from './refusal.js';
import { unreadableKeySet } from './words.js';
import type { SmartWords } from './words.js';
import type { SmartClientRegistration } from '../options.js';

export type Jwk = Readonly<Record<string, unknown>>;

interface CachedKeys {
  readonly keys: readonly Jwk[];
  readonly freshUntil: number;
}

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

export class KeySets {
  readonly #now: () => number;
  readonly #words: SmartWords | undefined;
  readonly #cached = new Map<string, CachedKeys>();

  constructor(now: () => number, words?: SmartWords) {
    this.#now = now;
    this.#words = words;
  }

  /** The keys of a client; throws a Refusal when they cannot be read or are not what a JWK Set may be. */
  async keysOf({ jwks, jwksUrl }: SmartClientRegistration): Promise<readonly Jwk[]> {
    const keys = jwksUrl === undefined ? readKeys(jwks) : await this.#published(jwksUrl);
    const complete = keys.every(({ kty, kid }) => typeof kty === 'string' && typeof kid === 'string');
    demandClient(complete, 'Every key of a JWK Set must have kty and kid');
    const bare = keys.every((key) => privateMembers.every((name) => key[name] === undefined));
    demandClient(bare, 'The registered JWK Set shows a private key');
    return keys;
  }

  async #published(url: string): Promise<readonly Jwk[]> {
    const cached = this.#cached.get(url);
    if (cached !== undefined && cached.freshUntil > this.#now()) {
      return cached.keys;
    }
    const { body, headers } = await fetchJson(url, this.#words);
    const keys = readKeys(body);
    this.#cached.set(url, { keys, freshUntil: this.#now() + maxAge(headers.get('cache-control')) * 1000 });
    return keys;
  }
}

async function fetchJson(
  url: string,
  words: SmartWords | undefined,
): Promise<{ readonly body: unknown; readonly headers: Headers }> {
  try {
    const response = await fetch(url, { redirect: 'error', headers: { accept: 'application/json' } });
    if (!response.ok) {
      throw unreadableKeySet(words, url, response.status);
    }
    return { body: await response.json(), headers: response.headers };
  } catch (error) {
    throw error instanceof Refusal ? error : unreadableKeySet(words, url, error);
  }
}

/** Seconds (RFC 9111, 5.2.2); 0 where nothing may be kept. */
function maxAge(cacheControl: string | null): number {
  const directives = (cacheControl ?? '').toLowerCase();
  if (/\bno-(?:store|cache)\b/.test(directives)) {
    return 0;
  }
  return Number(/\bmax-age="?(\d+)/.exec(directives)?.[1] ?? 0);
}

function readKeys(value: unknown): readonly Jwk[] {
  const keys: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'keys') : undefined;
  demandClient(Array.isArray(keys) && keys.every(isJwk), 'The client has no JWK Set');
  return keys;
}

function isJwk(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null;
}
