// Forced refreshes that helped nobody (C7). The token that a 401 led to is rejected again by the route that asked for it: the
// refresh was useless, that route cools down, and its origin counts it. So an API that rejects everybody, or a route that
// does, is no storm on the token endpoint; and neither keeps the others from being retried.
import { CoolDown, REJECTIONS, coolDownMs } from './cool-down.js';
import { AuthenticationError } from '../../token/errors/errors.js';
import { Recent } from '../../internal/recent.js';

/** What asks for a token: a method and a path of an API. */
export interface ApiRoute {
  readonly origin: string;
  readonly name: string;
}

/** A caller of `getToken({ rejected })`, of whom only the token is known. */
export const UNNAMED: ApiRoute = { origin: '', name: '' };

/** A longer path is the same as others that begin so: names are remembered. */
const LONGEST_NAME = 500;

/** Query left out; a slash at the end makes no other route, case does (RFC 3986 section 6.2.2.1). */
export function apiRoute({ origin, pathname }: URL, method = 'get'): ApiRoute {
  const path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  return { origin, name: `${method.toUpperCase()} ${origin}${path}`.slice(0, LONGEST_NAME) };
}

/** What a route has to do with a token: it asked and is retried, it asked and nobody retries (a spent body), or it answered. */
type Part = 'asked' | 'left' | 'accepted' | 'rejected';

/** The token of a forced refresh, and what became of it. */
interface ForcedRefresh {
  readonly id: number;
  /** When its token came. */
  readonly at: number;
  /** Of who asked first. */
  readonly origin: string;
  /** Whether that origin has answered. */
  isJudged: boolean;
  isAccepted: boolean;
  readonly routes: Recent<Part>;
  /** By origin, when the first of its routes rejected it. */
  readonly uselessAt: Recent<number>;
}

interface Asked {
  /** Of the refresh: a source may return the same token again. */
  readonly id: number;
  readonly token: string;
  readonly isRetried: boolean;
}

export type ActiveCoolDown = NonNullable<ReturnType<CoolDown<AuthenticationError>['active']>>;

/** What was answered longer ago than that says nothing any more. */
const KEPT_MS = 600_000;
/** Routes may have no end. */
const MOST_ROUTES = 1_000;
const MOST_ORIGINS = 100;
/** Tokens whose requests may still be under way. */
const MOST_REFRESHES = 8;
/** So many useless refreshes of an origin are free. */
const FREE = 3;
/** The count at which the cool-down is the longest. */
const MOST_COUNTED = 9;
const HALVED_EVERY_MS = 60_000;
/** A token that is rejected later than that, where nobody retried, may well have been accepted: that was not seen. */
const SERVED_MS = 2_000;

export class UselessRefreshes {
  /** By the value of their token. */
  readonly #refreshes = new Recent<ForcedRefresh>(MOST_REFRESHES, KEPT_MS);
  readonly #routes = new Recent<CoolDown<AuthenticationError>>(MOST_ROUTES, KEPT_MS);
  /** Routes of useless refreshes: what they accept says nothing of what they will reject. */
  readonly #unreliable = new Recent<true>(MOST_ROUTES, KEPT_MS);
  readonly #origins = new Recent<{ readonly count: number; readonly at: number }>(MOST_ORIGINS, KEPT_MS);

  /** Whether it matters who accepts what: never before the first forced refresh (C14). */
  get listens(): boolean {
    return this.#refreshes.size > 0 || this.#routes.size > 0;
  }

  /** `route` gets a token for which it asked. */
  refreshed({ id, token, isRetried }: Asked, route: ApiRoute, now: number): void {
    const known = this.#refreshes.get(token);
    const refresh = known?.id === id ? known : newRefresh(id, route, now);
    if (refresh !== known) this.#refreshes.set(token, refresh, now);
    const part = refresh.routes.get(route.name);
    if (part === undefined || (part === 'left' && isRetried))
      refresh.routes.set(route.name, isRetried ? 'asked' : 'left', now);
  }

  /** `route` took `token`: it cools down no longer, and does not because of this token. */
  accepted(token: string, { origin, name }: ApiRoute, now: number): void {
    this.#refreshes.prune(now);
    this.#routes.prune(now);
    this.#routes.delete(name);
    const refresh = this.#refreshes.get(token);
    if (refresh === undefined) return;
    refresh.isAccepted = true;
    refresh.isJudged ||= refresh.origin === origin;
    if (refresh.routes.get(name) !== 'accepted') refresh.routes.set(name, 'accepted', now);
  }

  /** `route` rejects the retry with `token`: useless was the refresh, unless it accepted it since. That counts once. */
  rejected(token: string, route: ApiRoute, now: number): void {
    const refresh = this.#refreshes.get(token);
    if (refresh?.routes.get(route.name) !== 'asked') return;
    const firstAt = this.#useless(refresh, route, now);
    this.#coolDown(route.name, firstAt, now);
  }

  /** `route` rejects `token`, sent for the first time: that says the same where nobody retried what it was fetched for. */
  rejectedAtFirst(token: string, route: ApiRoute, now: number): void {
    const refresh = this.#refreshes.get(token);
    if (refresh?.routes.get(route.name) !== 'left') return;
    refresh.isJudged ||= refresh.origin === route.origin;
    if (now - refresh.at >= SERVED_MS || (route === UNNAMED && refresh.isAccepted)) return;
    const firstAt = this.#useless(refresh, route, now);
    if (route !== UNNAMED) this.#coolDown(route.name, firstAt, now);
  }

  /** `route` answered the retry with something else than yes or no, such as 404. */
  judged(token: string, { origin }: ApiRoute): void {
    const refresh = this.#refreshes.get(token);
    if (refresh?.origin === origin) refresh.isJudged = true;
  }

  /** The cool-down in which a rejection of `token` by `route` starts no refresh. */
  active(token: string, route: ApiRoute, now: number): ActiveCoolDown | undefined {
    // a route that accepted the very token shows that it ended since: no useless refresh
    const hasAccepted = this.#refreshes.get(token)?.routes.get(route.name) === 'accepted';
    if (hasAccepted && !this.#unreliable.get(route.name)) return undefined;
    return this.#routes.get(route.name)?.active(now) ?? this.#originResting(route.origin, now);
  }

  clear(): void {
    this.#refreshes.clear();
    this.#routes.clear();
    this.#unreliable.clear();
    this.#origins.clear();
  }

  /** @returns when the first route of that origin rejected the token */
  #useless(refresh: ForcedRefresh, { origin, name }: ApiRoute, now: number): number {
    refresh.routes.set(name, 'rejected', now);
    this.#unreliable.set(name, true, now);
    refresh.isJudged ||= refresh.origin === origin;
    const firstAt = refresh.uselessAt.get(origin);
    if (firstAt !== undefined) return firstAt;
    refresh.uselessAt.set(origin, now, now);
    this.#origins.set(origin, { count: Math.min(this.#countOf(origin, now) + 1, MOST_COUNTED), at: now }, now);
    return now;
  }

  /** From when the token was first seen to be useless: who says the same later prolongs nothing. */
  #coolDown(name: string, firstAt: number, now: number): void {
    const coolDown = this.#routes.get(name) ?? new CoolDown(REJECTIONS);
    coolDown.start(rejectedAgain(), Math.min(firstAt, now));
    this.#routes.set(name, coolDown, now);
  }

  #originResting(origin: string, now: number): ActiveCoolDown | undefined {
    const open = this.#openOf(origin, now);
    const count = this.#countOf(origin, now) + open.length;
    if (count <= FREE) return undefined;
    const since = Math.max(this.#origins.get(origin)?.at ?? 0, ...open.map(({ at }) => at));
    const leftMs = since + coolDownMs(REJECTIONS, count - FREE - 1) - now;
    return leftMs > 0 ? { failure: rejectedAgain(), leftMs } : undefined;
  }

  /** How many refreshes of `origin` were useless, halved for each minute without one. */
  #countOf(origin: string, now: number): number {
    const { count, at } = this.#origins.get(origin) ?? { count: 0, at: now };
    // a clock that steps back prolongs nothing: what lies ahead was a minute ago
    if (at > now) this.#origins.set(origin, { count, at: now - HALVED_EVERY_MS }, now);
    const minutes = at > now ? 1 : Math.floor((now - at) / HALVED_EVERY_MS);
    return Math.floor(count / 2 ** minutes);
  }

  /** Refreshes for `origin` that may turn out to be useless: an API may be slower to say so than to get the next token. */
  #openOf(origin: string, now: number): readonly ForcedRefresh[] {
    const asked = [...this.#refreshes.values()].filter((refresh) => refresh.origin === origin);
    for (const refresh of asked) refresh.isJudged ||= refresh.at > now || now - refresh.at >= HALVED_EVERY_MS;
    return asked.filter(({ isJudged }) => !isJudged);
  }
}

function newRefresh(id: number, { origin }: ApiRoute, now: number): ForcedRefresh {
  const routes = new Recent<Part>(MOST_ROUTES, KEPT_MS);
  const uselessAt = new Recent<number>(MOST_ORIGINS, KEPT_MS);
  return { id, at: now, origin, isJudged: false, isAccepted: false, routes, uselessAt };
}

function rejectedAgain(): AuthenticationError {
  return new AuthenticationError('A token that was fetched because of a rejection was rejected as well', {
    code: 'rejected_again',
    kind: 'unavailable',
  });
}
