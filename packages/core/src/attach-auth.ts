// Puts an authorizer on an axios client, and takes it off again.
import type { Axios, AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import axiosRetry from 'axios-retry';
import type { IAxiosRetryConfig } from 'axios-retry';
import { refusedByDefault, unwrapAdapter, wrapAdapter } from './authorised-transport.js';
import type { Attachment } from './authorised-transport.js';
import { engineOf } from './authorizer.js';
import type { Authorizer } from './authorizer.js';
import { AdapterKinds, AddressBook } from './axios-config.js';
import { ConfigurationError } from './errors.js';
import { requestScope } from './request-scope.js';
import type { Token } from './token.js';

export interface AuthInterceptorsOptions {
  /** URL prefixes that may see the token; '*' is any https origin. Default: the client's `baseURL`; neither is an error. */
  readonly allow?: string | readonly string[] | undefined;
  /** Lets the token go over plain http beyond this machine. Default: false. */
  readonly allowInsecure?: boolean;
  /** Which responses mean that the token was refused; `data` is as the adapter gave it. Default: 401, unless it says insufficient_scope. */
  readonly refused?: (response: AxiosResponse) => boolean;
}

export interface AttachAuthOptions extends AuthInterceptorsOptions {
  /** axios-retry for transient failures of idempotent requests. Default: false. */
  readonly retry?: IAxiosRetryConfig | false;
}

/** The arguments of `client.interceptors.request.use` and `.response.use`, ready to be spread. */
export interface AuthInterceptors {
  readonly request: readonly [
    fulfilled: (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig,
    rejected: null,
    options: { readonly synchronous: true },
  ];
  readonly response: readonly [
    fulfilled: (response: AxiosResponse) => AxiosResponse,
    rejected: (error: unknown) => never,
  ];
}

/**
 * The interceptors for those who call `use()` themselves.
 * @throws ConfigurationError when `allow` is missing or cannot be honoured
 */
export function authInterceptors<T extends Token>(
  authorizer: Authorizer<T>,
  options: AuthInterceptorsOptions,
): AuthInterceptors {
  return interceptorsOf(attachmentOf(authorizer as unknown as Authorizer, options));
}

/**
 * Puts `authorizer` on `client`: each request in scope carries a good token, a refused one is healed once.
 * Attaching the same authorizer twice is once.
 * @returns detach, which leaves the client as it was
 * @throws ConfigurationError when it is not said where the token may go, or it would go in clear
 */
export function attachAuth<T extends Token>(
  client: Axios,
  authorizer: Authorizer<T>,
  options: AttachAuthOptions = {},
): () => void {
  const plain = authorizer as unknown as Authorizer;
  const engine = engineOf(plain);
  const allow = options.allow ?? client.defaults.baseURL;
  const standing = engine.clients.get(client);
  if (standing) return sameAttachment(standing, String(allow));
  const attachment = attachmentOf(plain, { ...options, allow });
  const ejectors = [useRetry(client, options.retry), useInterceptors(client, attachment)];
  engine.scopes.add(attachment.scope);
  const detach = (): void => {
    for (const eject of ejectors) eject();
    engine.scopes.delete(attachment.scope);
    engine.clients.delete(client);
  };
  engine.clients.set(client, { detach, allow: String(allow) });
  return detach;
}

function attachmentOf(authorizer: Authorizer, options: AuthInterceptorsOptions): Attachment {
  return {
    authorizer,
    scope: requestScope({ allow: options.allow, allowInsecure: options.allowInsecure }),
    refused: options.refused ?? refusedByDefault,
    addresses: new AddressBook(),
    adapters: new AdapterKinds(),
  };
}

function interceptorsOf(attachment: Attachment): AuthInterceptors {
  const request = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    wrapAdapter(config, attachment);
    return config;
  };
  const rejected = (error: unknown): never => {
    const { config } = (error ?? {}) as Partial<AxiosError>;
    if (config) unwrapAdapter(config);
    throw error;
  };
  return { request: [request, null, { synchronous: true }], response: [(response) => response, rejected] };
}

function useInterceptors(client: Axios, attachment: Attachment): () => void {
  const { request, response } = interceptorsOf(attachment);
  const requestId = client.interceptors.request.use(...request);
  const responseId = client.interceptors.response.use(...response);
  return () => {
    client.interceptors.request.eject(requestId);
    client.interceptors.response.eject(responseId);
  };
}

/** By default only what may safely be sent twice is: axios-retry alone would repeat a POST after a network error. */
function useRetry(client: Axios, retry: IAxiosRetryConfig | false | undefined): () => void {
  if (!retry) return () => undefined;
  const { requestInterceptorId, responseInterceptorId } = axiosRetry(client as Parameters<typeof axiosRetry>[0], {
    retryCondition: axiosRetry.isIdempotentRequestError,
    ...retry,
  });
  return () => {
    client.interceptors.request.eject(requestInterceptorId);
    client.interceptors.response.eject(responseInterceptorId);
  };
}

function sameAttachment(standing: { readonly detach: () => void; readonly allow: string }, allow: string): () => void {
  if (standing.allow === allow) return standing.detach;
  throw new ConfigurationError('This authorizer is on this client already, with another `allow`: detach it first');
}
