// The keys of a service and which of them signs. Keys rotate without an outage: the new one is published, the old one
// signs until told otherwise, and stays published until nobody can have cached the key set without the new one.
import { ConfigurationError } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';
import { privateKeyOf, publicPemOf } from './key-material.js';
import type { SigningKey } from './smart-backend-keys.js';
import { SmartKeyError } from './smart-key-error.js';
import { isSupportedAlg } from './supported-alg.js';

/** Marks the key that `loadKeys` was told to sign with, so that a ring made of its keys knows it, whatever the algorithms. */
const TO_SIGN: unique symbol = Symbol.for('@axios-authorizer/smart-backend signs');

export function toSign<K extends SigningKey>(key: K): K {
  return Object.defineProperty(key, TO_SIGN, { value: true, configurable: true });
}

function isToSign(key: SigningKey): boolean {
  return Reflect.get(key, TO_SIGN) === true;
}

/** One key, several, or a ring that others use as well. */
export type SigningKeys = SigningKey | readonly SigningKey[] | KeyRing;

/**
 * The keys of a client while they rotate: all are published, one signs.
 *
 * @throws {@link SmartKeyError} when two keys share a kid
 *
 * @example
 * ```ts
 * const ring = new KeyRing(...(await loadKeys('keys')));
 * ring.publish(await generateKeyPair('ES384', { kid: '2026-12' })); // published now, used for signing after signWith
 * ring.signWith('2026-12');
 * ```
 */
export class KeyRing {
  #keys: readonly SigningKey[] = [];
  /** The kids that were named by `signWith`, the latest first. */
  #told: readonly string[] = [];

  /**
   * The first key signs, or the one that `loadKeys` was told to sign with.
   * @throws ConfigurationError without any key; SmartKeyError when two keys have one kid
   */
  constructor(...keys: readonly SigningKey[]) {
    if (keys.length === 0) throw new ConfigurationError('There is no key to sign with; generateKeyPair makes one');
    for (const key of keys) this.publish(key);
    const [told] = keys.filter(isToSign);
    if (told) this.signWith(told.kid);
  }

  /** All keys, for the key set. */
  get keys(): readonly SigningKey[] {
    return this.#keys;
  }

  /** Adds a key that is published but does not sign yet. @throws SmartKeyError when its kid is another's */
  publish(key: SigningKey): void {
    assertKey(key);
    const standing = this.#keys.find(({ kid }) => kid === key.kid);
    if (standing !== undefined && isSameKey(standing, key)) return;
    if (standing !== undefined)
      throw new SmartKeyError(
        'ambiguous',
        `Two keys have the kid ${JSON.stringify(key.kid)}; a server could not tell them apart`,
      );
    this.#keys = [...this.#keys, key];
  }

  /** From the next assertion on, sign with this key wherever the server takes its algorithm. @throws SmartKeyError `missing` */
  signWith(kid: string): void {
    if (!this.#keys.some((key) => key.kid === kid)) throw unknown(kid);
    this.#told = [kid, ...this.#told.filter((told) => told !== kid)];
  }

  /** Takes a key out of the key set. @throws SmartKeyError when it is the last, or unknown */
  retire(kid: string): void {
    const left = this.#keys.filter((key) => key.kid !== kid);
    if (left.length === this.#keys.length) throw unknown(kid);
    if (left.length === 0)
      throw new SmartKeyError('missing', `${JSON.stringify(kid)} is the last key: publish another first`);
    this.#keys = left;
    this.#told = this.#told.filter((told) => told !== kid);
  }

  /**
   * The key for a server that takes the algorithms `offered`, in the server's order; without a list the first key.
   * @throws ConfigurationError when no key fits
   */
  choose(offered: readonly string[] | undefined): SigningKey {
    const fitting = this.#fitting(offered);
    if (fitting) return fitting;
    const have = [...new Set(this.#keys.map(({ alg }) => alg))].join(', ');
    throw new ConfigurationError(
      `The server takes assertions signed with ${offered?.join(', ') || 'nothing'}, the keys are for ${have}; generate and register a key of its kind`,
    );
  }

  /** Whether a key fits a server that takes the algorithms `offered`; without a list, whether there is any key. */
  fits(offered: readonly string[] | undefined): boolean {
    return this.#fitting(offered) !== undefined;
  }

  #fitting(offered: readonly string[] | undefined): SigningKey | undefined {
    const told = this.#told.flatMap((kid) => this.#keys.filter((key) => key.kid === kid));
    const ordered = offered?.flatMap((alg) => this.#keys.filter((key) => key.alg === alg)) ?? this.#keys;
    return [...told, ...ordered].find(({ alg }) => offered?.includes(alg) ?? true);
  }
}

/** A ring of whatever was handed in. @throws ConfigurationError without any key */
export function ringOf(keys: SigningKeys): KeyRing {
  if (isRing(keys)) return keys;
  return new KeyRing(...(isList(keys) ? keys : [keys]));
}

/** Known by its methods, since the ring may come from another copy of this module. */
function isRing(keys: SigningKeys): keys is KeyRing {
  return typeof keys === 'object' && keys !== null && 'choose' in keys && 'publish' in keys;
}

function isList(keys: SigningKey | readonly SigningKey[]): keys is readonly SigningKey[] {
  return Array.isArray(keys);
}

function assertKey(key: unknown): void {
  const { kid, alg, sign } = recordOf(key);
  const signs = typeof sign === 'function' || (typeof key === 'object' && key !== null && privateKeyOf(key));
  if (typeof kid !== 'string' || kid === '' || !isSupportedAlg(alg) || !signs)
    throw new ConfigurationError(
      '`keys` takes what generateKeyPair or loadKeys return, or signers { alg, kid, sign }; is an `await` missing?',
    );
}

function isSameKey(one: SigningKey, other: SigningKey): boolean {
  const pem = publicPemOf(one);
  return one === other || (pem !== undefined && pem === publicPemOf(other));
}

function unknown(kid: string): SmartKeyError {
  return new SmartKeyError('missing', `There is no key with the kid ${JSON.stringify(kid)}`);
}
