// What the parts of core that work on an authorizer from outside see of it: the transport, the attachments, the sessions.
import type { CredentialsMaker } from './credentials.js';
import type { Clock } from '../internal/clock.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { AllowOptions } from '../request/allow-list.js';
import type { SharedAllowLists } from '../request/shared-allow-lists.js';
import { ConfigurationError } from '../token/errors/errors.js';
import type { Observer } from '../token/observer.js';
import type { OptionTable } from '../token/options-check.js';
import type { Token } from '../token/token.js';

/** The way in, also from another copy of this module (ESM beside CommonJS). */
export const INTERNALS: unique symbol = Symbol.for('@axios-authorizer/core internals');

/** Whose token a request gets. @throws ConfigurationError when nobody is named */
export type Picker = (config: object) => Internals<Token>;

export interface Internals<T extends Token> extends CredentialsMaker<T> {
  readonly lifecycle: Lifecycle<T>;
  readonly clock: Clock;
  readonly observer: Observer | undefined;
  /** The allow lists of the attachments, so that `headers(url)` knows them. */
  readonly allowLists: SharedAllowLists;
  /** The clients it is attached to. */
  readonly clients: WeakMap<
    object,
    {
      readonly detach: () => void;
      readonly allow: string;
      readonly except: AllowOptions['except'];
      readonly options: object;
      readonly isOn: () => boolean;
    }
  >;
  /** Of a pool: the options of its attachment, and by their `key` whose token a request gets. @throws ConfigurationError */
  readonly byKey?: <O extends object>(
    options: O | undefined,
    table: OptionTable<O>,
    where: string,
  ) => O & { readonly pick: Picker };
}

/** The internals of a request's own authorizer. @throws ConfigurationError when it is none, or a pool */
export function internalsOfOwn(authorizer: object): Internals<Token> {
  const internals = internalsOf(authorizer);
  if (internals.byKey)
    throw new ConfigurationError('A pool is no authorizer of a request: write `authorizer: pool.for(key)`');
  return internals;
}

/** The internals of an authorizer. @throws ConfigurationError when it is none */
export function internalsOf(authorizer: object): Internals<Token> {
  const internals: unknown = Reflect.get(Object(authorizer), INTERNALS);
  if (internals === undefined) throw new ConfigurationError('`authorizer` must be an Authorizer');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the symbol is ours
  return internals as Internals<Token>;
}
