// The HTTP cache of a session. It lies above the authorised transport, which retries a 401 before the cache sees it, and below
// the caller, whose transforms see each answer as it came. Users never see each other's answers: who is logged in is part of
// the key. What may be kept and for how long is axios-cache-interceptor's to say; who waits for whom is not, since its
// waiting ends only with an error of axios's.
import { AuthenticationError } from '@axios-authorizer/core';
import { recordOf, sessionOf } from '@axios-authorizer/core/extend';
import axios, { AxiosHeaders } from 'axios';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import type { AxiosCacheInstance } from 'axios-cache-interceptor';
import type { Layer } from '../session/layers.js';
import { isObjectLike } from '../session/objects.js';
import type { UserLike } from '../user.js';
import { CallerLimits } from './caller-limits.js';
import type { CacheSetup } from './cache-options.js';
import { freshen } from './freshness.js';
import { isPlainBody, keyOf, questionOf } from './question-key.js';
import { SameQuestion } from './same-question.js';
import { carefulStorage, settle } from './storage.js';

export interface HttpCacheOptions extends CacheSetup {
  readonly user: UserLike;
  /** Whether a request goes to the database; others are not cached. */
  readonly isOurs: (config: InternalAxiosRequestConfig) => boolean;
  /** Told in words of a storage that fails. */
  readonly notice: (message: string) => void;
}

/** The cache as a layer over what authorises requests. */
export function cacheLayer(options: HttpCacheOptions): Layer {
  const cache = new HttpCache(options);
  const { user, isOurs } = options;
  return (request) => {
    const begun = sessionOf(user.authorizer, request);
    return (config, next) =>
      isOurs(config) && isCacheable(config) ? cache.answer({ config, next, begun }) : next(config);
  };
}

/** Only what the session's own user reads: not what another's credentials, or none, would bring. */
function isCacheable(config: InternalAxiosRequestConfig): boolean {
  const { method, responseType, authorizer, auth, headers, cache } = config;
  const isOwn =
    authorizer === undefined && auth === undefined && !headers.has('Authorization') && !headers.has('Cookie');
  const isGet = method?.toLowerCase() === 'get' && responseType !== 'stream' && isPlainBody(config.data);
  return isOwn && isGet && cache !== false;
}

/** A copy of a request for the library to write on. */
type View = InternalAxiosRequestConfig & { id?: string; readonly question: string };

/** One request to the cache. */
interface Begun {
  readonly config: InternalAxiosRequestConfig;
  readonly next: AxiosAdapter;
  /** The session in which it began; undefined while nobody was signed in. */
  readonly begun: string | undefined;
}

interface Asking extends Begun {
  readonly limits: CallerLimits;
  readonly question: string;
  /** The one whose question it is; what is kept is shown to, and added by, that one alone. */
  readonly session: string | undefined;
}

class HttpCache {
  readonly #options: HttpCacheOptions;
  readonly #library: AxiosCacheInstance;
  readonly #questions = new SameQuestion();

  constructor(options: HttpCacheOptions) {
    this.#options = options;
    const { storage, notice } = options;
    this.#library = setupCache(axios.create(), {
      register: false,
      // oxlint-disable-next-line typescript/no-deprecated -- nobody waits in it
      waiting: new Nobody(),
      storage: carefulStorage(storage, (error) => notice(`The cache failed: ${whatOf(error)}`)),
      methods: ['get'],
      ttl: 0, // without headers nothing is fresh; an ETag is asked about
      cachePredicate: { statusCheck: (status) => status === 200 },
      cacheTakeover: false,
      staleIfError: false,
      generateKey: (view, meta) => keyOf(String(recordOf(view)['question']), meta?.vary),
    });
  }

  /**
   * @throws AuthenticationError `logged_out` when the session in which the request began is over
   */
  async answer({ config, next, begun }: Begun): Promise<AxiosResponse> {
    const { user } = this.#options;
    const limits = new CallerLimits(config);
    await limits.within((signal) => user.authorizer.getToken({ signal })); // the key is made next
    const session = sessionOf(user.authorizer);
    if (begun !== undefined && begun !== session) throw loggedOut();
    const asking = { config, next, limits, question: questionOf(config, user.cacheKey), begun, session };
    const ask = (): Promise<AxiosResponse> => this.#ask(asking);
    if (isObjectLike(config.cache) && config.cache['override'] === true) return ask();
    return this.#questions.answer({ key: asking.question, config, limits }, ask);
  }

  /** Out of the storage, or from the database. */
  async #ask(asking: Asking): Promise<AxiosResponse> {
    const { config, limits, question } = asking;
    // oxlint-disable-next-line typescript/no-deprecated -- the library itself puts it on where it cannot tell whose an error is
    const { requestInterceptor } = this.#library;
    const view: View = { ...config, headers: new AxiosHeaders(config.headers), question };
    const { adapter } = view;
    await limits.within(async () => requestInterceptor.onFulfilled(view));
    try {
      if (!this.#isOpen(asking)) throw loggedOut(); // somebody else's by now, who would be sent for, and kept under this name
      if (typeof view.adapter === 'function' && view.adapter !== adapter)
        return asKept(await view.adapter(view), config);
      return await this.#fetched(asking, view);
    } catch (error) {
      void this.#settle(view, true);
      throw error;
    }
  }

  async #fetched(asking: Asking, view: View): Promise<AxiosResponse> {
    const { config, next, limits } = asking;
    const response = await limits.sending(() => sent(config, view, next));
    if (!this.#isOpen(asking)) return this.#notKept(response, asking, view);
    const kept = await limits.within(() => this.#keep(response, view));
    await limits.within(() => this.#settle(view, false)).catch(() => undefined); // the answer is there
    return isLeftOpen(kept, config) ? await this.#unchanged(config, view, next) : Object.assign(kept, { config });
  }

  /** The session ended meanwhile: the answer is of it only where core has seen to that, and is for nobody else. */
  #notKept(response: AxiosResponse, { config, begun }: Asking, view: View): AxiosResponse {
    if (begun === undefined || isLeftOpen(response, config)) throw loggedOut();
    void this.#settle(view, true);
    return Object.assign(response, { config, cached: false });
  }

  #isOpen({ session }: Asking): boolean {
    return sessionOf(this.#options.user.authorizer) === session;
  }

  async #settle({ id }: View, isFailed: boolean): Promise<void> {
    if (id !== undefined) await settle(this.#library.storage, id, { isFailed });
  }

  /** The entry that is unchanged, as another asked at the same time and took the library's mark off it. */
  async #unchanged(config: InternalAxiosRequestConfig, view: View, next: AxiosAdapter): Promise<AxiosResponse> {
    const { data: entry } = await this.#library.storage.get(view.id ?? '');
    const asked = view.headers.get('If-None-Match');
    if (entry === undefined || asked === undefined || entry.headers['etag'] !== asked) return next(config);
    const { data, status, statusText, headers } = entry;
    return asKept({ data, status, statusText, headers: Object.assign({}, headers), config, cached: true }, config);
  }

  async #keep(response: AxiosResponse, view: View): Promise<AxiosResponse> {
    freshen(response, this.#options.lifeMs);
    // oxlint-disable-next-line typescript/no-deprecated -- as above
    return this.#library.responseInterceptor.onFulfilled(
      Object.assign(response, { config: view, id: '', cached: false }),
    );
  }
}

/** The library's own map of those who wait, in which nobody does. */
class Nobody extends Map<string, never> {
  override set(): this {
    return this;
  }
}

/** Sends the caller's own request, with what the library asks about the entry that it has. */
async function sent(config: InternalAxiosRequestConfig, view: View, next: AxiosAdapter): Promise<AxiosResponse> {
  const { headers, validateStatus } = config;
  Object.assign(config, { headers: view.headers, validateStatus: view.validateStatus });
  try {
    return await next(config);
  } finally {
    Object.assign(config, { headers, validateStatus });
  }
}

/** Whether a 304 is the answer to what the library asked about, and not to the caller's own question. */
function isLeftOpen({ status }: AxiosResponse, { headers }: InternalAxiosRequestConfig): boolean {
  return status === 304 && !headers.has('If-None-Match') && !headers.has('If-Modified-Since');
}

/** A kept answer to this request; a storage clones a Buffer to plain bytes. */
function asKept(response: AxiosResponse, config: InternalAxiosRequestConfig): AxiosResponse {
  const data: unknown = response.data;
  const bytes = data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : data;
  return Object.assign(response, { config, data: bytes });
}

function loggedOut(): AuthenticationError {
  return new AuthenticationError(
    'The login for which this was asked is over: it was signed out, or another signed in',
    {
      code: 'logged_out',
      kind: 'session',
    },
  );
}

function whatOf(error: unknown): string {
  return isObjectLike(error) && typeof error['message'] === 'string' ? error['message'] : 'no reason was given';
}
