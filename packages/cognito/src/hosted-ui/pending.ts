// A sign-in that has begun and waits for its browser to come back: made here, kept in the browser's session or by the caller.
import { ConfigurationError } from '@axios-authorizer/core';
import { parseObject, recordOf } from '@axios-authorizer/core/extend';

/**
 * What the callback of a sign-in needs of its beginning. Plain JSON and a secret: keep it where only this browser's requests
 * lead, such as its session on your server.
 */
export interface PendingSignIn {
  /** What the callback must say back, so that it belongs to this sign-in (RFC 6749 section 10.12). */
  readonly state: string;
  /** What the id token must hold (OpenID Connect Core section 3.1.2.1). */
  readonly nonce: string;
  /** The PKCE verifier, 43 characters; sent with the code, and nowhere else before (RFC 7636 section 4.1). */
  readonly codeVerifier: string;
  /** Where the browser comes back to. */
  readonly redirectUri: string;
  /** The app client that it was begun with. */
  readonly clientId: string;
  /** Where it was begun. */
  readonly authorizeUrl: string;
  /** When it was begun, in ms since the epoch. */
  readonly startedAt: number;
}

const TEXTS = ['state', 'nonce', 'codeVerifier', 'redirectUri', 'clientId', 'authorizeUrl'] as const;
const PREFIX = 'axios-authorizer:hosted-ui:';

/** @throws ConfigurationError for what `signInUrl` has not returned */
export function assertPending(given: unknown): asserts given is PendingSignIn {
  const members = recordOf(given);
  const isWhole = TEXTS.every((name) => typeof members[name] === 'string' && members[name] !== '');
  if (!isWhole || !Number.isFinite(members['startedAt']))
    throw new ConfigurationError(
      '`pending` must be the object that signInUrl() returned, parsed if it was kept as JSON',
    );
}

/**
 * Keeps it in sessionStorage, which belongs to one tab; what is too old goes. On a server, where all browsers would share it,
 * nothing is kept.
 * @throws ConfigurationError where the browser blocks it, or it is full
 */
export function keep(pending: PendingSignIn, timeoutMs: number): void {
  inSession((storage) => {
    for (const key of Object.keys(storage).filter((name) => name.startsWith(PREFIX))) {
      const { startedAt } = parseObject(storage.getItem(key) ?? '') ?? {};
      if (!(Number(startedAt) > pending.startedAt - timeoutMs)) storage.removeItem(key);
    }
    storage.setItem(PREFIX + pending.state, JSON.stringify(pending));
  });
}

/** What was kept under that state. */
export function kept(state: string): unknown {
  return inSession((storage) => parseObject(storage.getItem(PREFIX + state) ?? ''));
}

export function forget(state: string): void {
  try {
    inSession((storage) => storage.removeItem(PREFIX + state));
  } catch {
    // where it is blocked, nothing was kept
  }
}

/** Node and Deno have a sessionStorage as well: one for all who use the server. */
function inSession<R>(work: (storage: Storage) => R): R | undefined {
  if (typeof document === 'undefined') return undefined;
  try {
    return work(globalThis.sessionStorage);
  } catch (cause) {
    const cure = 'keep `pending` of signInUrl({ keep: false }) yourself, and hand it to callback(url, pending)';
    throw new ConfigurationError(`The browser blocks its sessionStorage, or it is full: ${cure}`, { cause });
  }
}
