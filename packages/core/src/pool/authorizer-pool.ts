// Many tokens in one program: one authorizer for each tenant, user, audience, set of scopes. It is kept as long as it is used, and
// one that is forgotten while somebody still has it is found again, so that there are never two for one key.
import { Authorizer } from '../authorizer.js';
import { INTERNALS, internalsOf } from '../authorizer/internals.js';
import type { Internals, Picker } from '../authorizer/internals.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { asString, hide, isObject, recordOf } from '../internal/records.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import type { Observer } from '../token/observer.js';
import { poolKeyOf } from './pool-key.js';
import { sha256Hex } from '../internal/sha256.js';
import type { Token } from '../token/token.js';

/** The options of an {@link AuthorizerPool}. */
export interface AuthorizerPoolOptions {
  /** How many authorizers are kept, at least 1; more only while all of them are at work. Default: 1,000. */
  readonly max?: number | undefined;
  /** Told what concerns no single authorizer: requests that go out without a token. Default: nobody. */
  readonly observer?: Observer | undefined;
}

/** What the function that makes an authorizer is told besides the key. */
export interface PoolEntry {
  /**
   * A name for the store of this key: 64 hexadecimal digits, the same in every process and at every start, different for
   * different keys, and good as a file name on every system and as part of a Redis key. It does not tell the key.
   */
  readonly name: string;
}

const OPTIONS: OptionTable<AuthorizerPoolOptions> = { max: 'any', observer: 'function' };
const MOST = 1_000;
/** So many are looked at for one that is idle, each time that one is asked for: the cost of a call stays flat. */
const LOOKED_AT = 32;

/**
 * One authorizer for each key: the same one for keys that are equal by all of their members, in any order. Lists are compared by
 * order, a `scope` as a set, and 1 is not '1'.
 *
 * The least recently used ones are forgotten and closed when there are more than `max`, but none that is refreshing or that a
 * request waits for. One that is still referenced somewhere is returned again.
 * @example
 * ```ts
 * const pool = new AuthorizerPool<{ tenant: string; scope: readonly string[] }>(
 *   ({ tenant, scope }, { name }) =>
 *     new Authorizer(clientCredentialsSource({ tokenUrl: `https://${tenant}.example.org/token`, clientAuth, scope: scope.join(' ') }), {
 *       store: fileTokenStore(`tokens/${name}.json`),
 *     }),
 * );
 * const { data } = await client.get('/patients', { authorizer: pool.for({ tenant: 'a', scope: ['read'] }) });
 * ```
 */
export class AuthorizerPool<K = string | object> {
  readonly #create: (key: K, entry: PoolEntry) => Authorizer;
  readonly #max: number;
  /** The least recently used first. */
  readonly #kept = new Map<string, Authorizer>();
  /** Those that somebody may still have. */
  readonly #forgotten = new Map<string, WeakRef<Authorizer>>();
  /** A request that is under way has the internals only; as long as it does, their authorizer is kept. */
  readonly #made = new WeakMap<object, Authorizer>();
  /** One for a key function, so that attaching twice is once. */
  readonly #pickers = new WeakMap<KeyFunction, Picker>();
  #sweepAt: number;

  /**
   * @param create makes the authorizer of a key, at once; called with a frozen copy of the key, its `scope` sorted
   * @param options read once
   * @throws ConfigurationError for an option that cannot work
   */
  constructor(create: (key: K, entry: PoolEntry) => Authorizer, options?: AuthorizerPoolOptions) {
    const { max = MOST, observer } = checkOptions(options, 'AuthorizerPool', OPTIONS);
    if (typeof create !== 'function')
      throw new ConfigurationError('AuthorizerPool needs a function that makes the authorizer of a key');
    if (!(Number.isInteger(max) || max === Infinity) || max < 1)
      throw new ConfigurationError('`max` of AuthorizerPool must be a whole number of at least 1');
    this.#create = create;
    this.#max = this.#sweepAt = max;
    const nobody = internalsOf(new Authorizer(noKey, { observer }));
    const byKey: Internals<Token>['byKey'] = (given, table, where) => this.#attachOptions(given, table, where);
    hide(this, INTERNALS, { ...nobody, byKey });
  }

  /** How many authorizers are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /**
   * The authorizer of `key`; made when there is none.
   * @param key a text or plain data: `undefined` anywhere in it, NaN, functions, instances of classes and cycles are refused
   * @throws ConfigurationError for such a key, and when `create` returns no authorizer, or one that another key has; what
   *   `create` throws
   */
  for(key: K): Authorizer {
    const { value, text } = poolKeyOf(key);
    const authorizer = this.#kept.get(text) ?? this.#found(text) ?? this.#new(value, text);
    this.#kept.delete(text);
    this.#kept.set(text, authorizer);
    this.#trim();
    return authorizer;
  }

  /**
   * `logout()` of every authorizer that is kept, or was forgotten and is still in use: each forgets its token at once, clears its
   * store and revokes. The stores of those that were forgotten for good are not known any more.
   * @throws the first of what they threw, after all of them are done
   */
  async logoutAll(): Promise<void> {
    const outcomes = await Promise.allSettled([...this.#all()].map((authorizer) => authorizer.logout()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** `close()` of every authorizer that is kept, or was forgotten and is still in use. */
  close(): void {
    for (const authorizer of this.#all()) authorizer.close();
  }

  *#all(): Generator<Authorizer> {
    yield* this.#kept.values();
    for (const reference of this.#forgotten.values()) {
      const authorizer = reference.deref();
      if (authorizer) yield authorizer;
    }
  }

  /** One that was forgotten, and closed for that. */
  #found(text: string): Authorizer | undefined {
    const authorizer = this.#forgotten.get(text)?.deref();
    this.#forgotten.delete(text);
    if (authorizer) internalsOf(authorizer).lifecycle.close(false);
    return authorizer;
  }

  #new(key: K, text: string): Authorizer {
    const authorizer = this.#create(key, { name: sha256Hex(text) });
    const internals: unknown = Reflect.get(Object(authorizer), INTERNALS);
    if (!isObject(internals) || 'byKey' in internals)
      throw new ConfigurationError('The function of AuthorizerPool must return an Authorizer, and at once');
    if (this.#made.has(internals))
      throw new ConfigurationError(
        'The function of AuthorizerPool returned one Authorizer for two keys: each key needs one of its own',
      );
    this.#made.set(internals, authorizer);
    internalsOf(authorizer).lifecycle.hearNothing();
    return authorizer;
  }

  #attachOptions<O extends object>(
    given: O | undefined,
    table: OptionTable<O>,
    where: string,
  ): O & { readonly pick: Picker } {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every option of `O`, and one more
    const known = { ...table, key: 'any' } as OptionTable<O & { readonly key?: unknown }>;
    const options = checkOptions<O & { readonly key?: unknown }>(given, where, known);
    if (!isKeyFunction(options.key))
      throw new ConfigurationError(
        `A pool is attached with \`key\`: ${where}(…, { key: (request) => … }) says whose token a request gets`,
      );
    const pick = this.#pickers.get(options.key) ?? this.#picker(options.key);
    this.#pickers.set(options.key, pick);
    return { ...options, pick };
  }

  /** Each request is asked about once. */
  #picker(key: KeyFunction): Picker {
    const picked = new WeakMap<object, Internals<Token>>();
    return (config) => {
      const known = picked.get(config);
      if (known) return known;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `for` judges it
      const internals = internalsOf(this.for(asked(key, config) as K));
      picked.set(config, internals);
      return internals;
    };
  }

  /** Forgets idle ones while there are too many; what is at work counts as just used. The newest is about to be returned. */
  #trim(): void {
    if (typeof WeakRef === 'undefined') return; // nothing is forgotten where it could not be found again
    let left = Math.min(LOOKED_AT, this.#kept.size - 1);
    for (const [text, authorizer] of this.#kept) {
      if (this.#kept.size <= this.#max || left === 0) return;
      left -= 1;
      this.#kept.delete(text);
      if (internalsOf(authorizer).lifecycle.isBusy) this.#kept.set(text, authorizer);
      else this.#forget(text, authorizer);
    }
  }

  #forget(text: string, authorizer: Authorizer): void {
    authorizer.close();
    this.#forgotten.set(text, new WeakRef(authorizer));
    if (this.#forgotten.size <= this.#sweepAt) return;
    for (const [other, reference] of this.#forgotten) if (!reference.deref()) this.#forgotten.delete(other);
    this.#sweepAt = Math.max(this.#max, 2 * this.#forgotten.size);
  }
}

type KeyFunction = (config: object) => unknown;

function isKeyFunction(key: unknown): key is KeyFunction {
  return typeof key === 'function';
}

/** @throws ConfigurationError when it fails, or does not answer at once: such a request is never sent without a token */
function asked(key: KeyFunction, config: object): unknown {
  let answer: unknown;
  try {
    answer = key(config);
  } catch (cause) {
    const why = asString(recordOf(cause)['message']) ?? 'no reason given';
    throw new ConfigurationError(`The function \`key\` of a pool failed: ${why}`, { cause });
  }
  if (!(answer instanceof Promise)) return answer;
  answer.catch(() => undefined);
  throw new ConfigurationError('The function `key` of a pool returned a promise: it must answer at once');
}

/** What a request gets that names the pool itself. */
async function noKey(): Promise<never> {
  throw new ConfigurationError(
    'A pool is not an authorizer: say `authorizer: pool.for(key)`, or attachAuth(client, pool, { key: (config) => … })',
  );
}
