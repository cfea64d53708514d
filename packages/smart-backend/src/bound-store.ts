// A store that knows whose tokens it may hand out. One store given to the clients of two servers would otherwise hand the
// token of one server to the other.
import { recordOf } from '@axios-authorizer/core/extend';
import type { Token, TokenStore } from '@axios-authorizer/core';

/** What a stored token is marked with. */
interface Bound extends Token {
  readonly boundTo?: string;
}

/** `store`, for tokens of that server and client only; another's counts as none. */
export function boundStore(store: TokenStore, boundTo: string): TokenStore {
  const ours = (token: Token | undefined): Token | undefined =>
    recordOf(token)['boundTo'] === boundTo ? token : undefined;
  return {
    load: async () => ours(await store.load()),
    save: async (token, replaces, options) => {
      const bound: Bound = { ...token, boundTo };
      return ours((await store.save(bound, replaces, options)) ?? undefined);
    },
    clear: () => store.clear(),
    ...(store.exclusive && { exclusive: (work, waiting) => store.exclusive?.(work, waiting) ?? work() }),
  };
}
