// Puts an authorizer on an axios client, and takes it off again.
import type { AxiosInstance, AxiosStatic } from 'axios';
import axiosRetry from 'axios-retry';
import type { IAxiosRetryConfig } from 'axios-retry';
import { attachmentOf, interceptorsOf } from './auth-interceptors.js';
import type { AuthInterceptorsOptions } from './auth-interceptors.js';
import { engineOf } from './authorizer.js';
import type { Authorizer } from './authorizer.js';
import { ConfigurationError } from './errors.js';
import { isObject } from './members.js';

declare module 'axios' {
  // oxlint-disable-next-line typescript/no-explicit-any -- the parameter must be axios's own to merge
  interface AxiosRequestConfig<D = any> {
    /** Another authorizer's token for this request (the attachment's `allow` stays), or none. Default: the attachment's. */
    authorizer?: Authorizer | false;
    /** Makes the body anew, so that a stream can be sent again after a 401. Default: such a request is not sent again. */
    resendBody?: () => unknown;
    /** What becomes of an API key at a redirect in a browser, for this request. Default: the attachment's `browserRedirects`. */
    browserRedirects?: 'check' | 'trust';
  }
}

/** An instance of axios's `Axios` class, callable or not. */
export type AxiosClient = InstanceType<AxiosStatic['Axios']>;

export interface AttachAuthOptions extends AuthInterceptorsOptions {
  /** axios-retry for transient failures of idempotent requests. Default: false. */
  readonly retry?: IAxiosRetryConfig | false | undefined;
}

/**
 * Puts `authorizer` on `client`: each request in scope carries a good token, a refused one is healed once.
 * Attaching the same authorizer twice is once.
 * @returns detach, which leaves the client as it was
 * @throws ConfigurationError when it is not said where the token may go, or it would go in clear
 */
export function attachAuth(client: AxiosClient, authorizer: Authorizer, options: AttachAuthOptions = {}): () => void {
  if (!isClient(client)) throw new ConfigurationError('attachAuth needs an axios client, as axios.create makes it');
  const engine = engineOf(authorizer);
  const allow = options.allow ?? client.defaults.baseURL;
  const standing = engine.clients.get(client);
  if (standing?.isOn()) return sameAttachment(standing, String(allow));
  const { scope, remove } = engine.scopes.add({ allow, allowInsecure: options.allowInsecure });
  const attachment = attachmentOf(engine, scope, options);
  const { request, response } = interceptorsOf(attachment);
  const ejectors = [
    useRetry(client, options.retry),
    ejector(client.interceptors.request, client.interceptors.request.use(...request)),
    ejector(client.interceptors.response, client.interceptors.response.use(...response)),
  ];
  const detach = (): void => {
    for (const eject of ejectors) eject();
    remove();
    engine.clients.delete(client);
  };
  const isOn = (): boolean => handlersOf(client.interceptors.request).some((held) => held?.fulfilled === request[0]);
  engine.clients.set(client, { detach, allow: String(allow), isOn });
  return detach;
}

interface Interceptors {
  eject(id: number): void;
  readonly handlers?: readonly ({ readonly fulfilled?: unknown } | null)[];
}

function handlersOf({ handlers = [] }: Interceptors): readonly ({ readonly fulfilled?: unknown } | null)[] {
  return handlers;
}

/** Takes an interceptor off, unless `clear()` did and its number is another's by now. */
function ejector(interceptors: Interceptors, id: number): () => void {
  const ours = handlersOf(interceptors)[id];
  return () => {
    if (handlersOf(interceptors)[id] === ours) interceptors.eject(id);
  };
}

/** By default only what may safely be sent twice is: axios-retry alone would repeat a POST after a network error. */
function useRetry(client: AxiosClient, retry: IAxiosRetryConfig | false | undefined): () => void {
  if (!retry) return () => undefined;
  if (!isInstance(client)) throw new ConfigurationError('`retry` needs a callable client, as axios.create makes it');
  const { requestInterceptorId, responseInterceptorId } = axiosRetry(client, {
    retryCondition: (error) => axiosRetry.isIdempotentRequestError(error),
    ...retry,
  });
  const ejectors = [
    ejector(client.interceptors.request, requestInterceptorId),
    ejector(client.interceptors.response, responseInterceptorId),
  ];
  return () => ejectors.forEach((eject) => eject());
}

function isClient(client: unknown): boolean {
  const members = typeof client === 'function' || isObject(client) ? client : {};
  return isObject(Reflect.get(members, 'defaults')) && isObject(Reflect.get(members, 'interceptors'));
}

function isInstance(client: AxiosClient): client is AxiosInstance {
  return typeof client === 'function';
}

function sameAttachment(standing: { readonly detach: () => void; readonly allow: string }, allow: string): () => void {
  if (standing.allow === allow) return standing.detach;
  throw new ConfigurationError('This authorizer is on this client already, with another `allow`: detach it first');
}
