// The allow lists of all attachments of one authorizer, for `headers(url)`, which asks on behalf of no client.
import { allowListOf, ANYWHERE, listOf } from './allow-list.js';
import type { AllowList, AllowOptions } from './allow-list.js';

/** Where a prefix that covers `url` may lie: at its origin, at the first segment of its path, at the second … */
function placesOf({ origin, pathname }: URL): readonly string[] {
  const places = [ANYWHERE, origin];
  for (let end = pathname.indexOf('/', 1); end > 0; end = pathname.indexOf('/', end + 1))
    places.push(origin + pathname.slice(0, end));
  return [...places, origin + pathname];
}

/** An allow list that attachments share. */
export interface SharedAllowList {
  readonly allowList: AllowList;
  readonly key: string;
  readonly remove: () => void;
}

/**
 * The allow lists of many attachments: those that say the same are one, so that a client per request costs nothing, and a
 * list goes with its client, so that clients of former tenants cost nothing either.
 */
export class SharedAllowLists {
  readonly #shared = new Map<string, { readonly allowList: AllowList; users: number }>();
  /** By the places where they are found, so that thousands of tenants cost no more than one. */
  readonly #at = new Map<string, Set<AllowList>>();
  /** Tells when a client has been collected; not on every platform. */
  readonly #collected =
    typeof FinalizationRegistry === 'undefined'
      ? undefined
      : new FinalizationRegistry<() => void>((remove) => remove());

  /**
   * @param client whose list it is: it goes when the client does
   * @returns how to take it away again, and a key that equal lists alone have
   * @throws ConfigurationError as `allowListOf` does
   */
  add({ allow, allowInsecure = false, except }: AllowOptions, client?: object): SharedAllowList {
    const options = { allow: listOf(allow), allowInsecure, except: listOf(except, 'except') };
    const key = JSON.stringify(options);
    const shared = this.#shared.get(key) ?? this.#first(key, allowListOf(options));
    shared.users += 1;
    let isUsed = true;
    const remove = (): void => {
      if (isUsed && (shared.users -= 1) === 0) this.#last(key, shared.allowList);
      isUsed = false;
    };
    if (client) this.#collected?.register(client, remove);
    return { allowList: shared.allowList, key, remove };
  }

  allow(url: URL): boolean {
    return this.#near(url).some((allowList) => allowList.allows(url));
  }

  /** Whether one of them leaves `url` out. */
  except(url: URL): boolean {
    return this.#near(url).some((allowList) => allowList.excepts(url));
  }

  #near(url: URL): readonly AllowList[] {
    return placesOf(url).flatMap((place) => [...(this.#at.get(place) ?? [])]);
  }

  #first(key: string, allowList: AllowList): { readonly allowList: AllowList; users: number } {
    const shared = { allowList, users: 0 };
    this.#shared.set(key, shared);
    for (const place of allowList.places) this.#at.set(place, (this.#at.get(place) ?? new Set()).add(allowList));
    return shared;
  }

  #last(key: string, allowList: AllowList): void {
    this.#shared.delete(key);
    for (const place of allowList.places) {
      const found = this.#at.get(place);
      found?.delete(allowList);
      if (found?.size === 0) this.#at.delete(place);
    }
  }

  get isEmpty(): boolean {
    return this.#shared.size === 0;
  }
}
