// The interceptors themselves: the request's wraps the adapter, the response's only tidies up after requests that never got there.
import { isAxiosError } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { engineOf } from './authorizer.js';
import type { Authorizer } from './authorizer.js';
import { AddressBook } from './axios-config.js';
import { cleanEarly } from './clean-answers.js';
import type { Engine } from './engine.js';
import { refusedByDefault } from './refusal.js';
import { requestScope } from './request-scope.js';
import type { RequestScope } from './request-scope.js';
import { printable } from './shown-config.js';
import type { Token } from './token.js';
import type { Attachment } from './trip.js';
import { AdapterWrapper, unwrapAdapter } from './wrapped-adapter.js';

export interface AuthInterceptorsOptions {
  /** URL prefixes that may see the token; '*' is any https origin. Default: the client's `baseURL`; neither is an error. */
  readonly allow?: string | readonly string[] | undefined;
  /** Lets the token go over plain http beyond this machine. Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** Which responses mean that the token was refused; `data` is as the adapter gave it. Default: 401, unless it says insufficient_scope. */
  readonly refused?: (response: AxiosResponse) => boolean;
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
export function authInterceptors(authorizer: Authorizer, options: AuthInterceptorsOptions): AuthInterceptors {
  const { allow, allowInsecure } = options ?? {};
  return interceptorsOf(attachmentOf(engineOf(authorizer), requestScope({ allow, allowInsecure }), options));
}

export function attachmentOf(
  engine: Engine<Token>,
  scope: RequestScope,
  { refused = refusedByDefault }: Pick<AuthInterceptorsOptions, 'refused'>,
): Attachment {
  return { engine, scope, addresses: new AddressBook(scope), refused };
}

export function interceptorsOf(attachment: Attachment): AuthInterceptors {
  const wrapper = new AdapterWrapper(attachment);
  const request = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    wrapper.wrap(config);
    return printable(config); // axios 1.18 hands the errors of what comes next to no interceptor
  };
  return { request: [request, null, { synchronous: true }], response: [(response) => response, unwrapFailed] };
}

/** A request that failed before the transport was reached still has it on its config. */
function unwrapFailed(error: unknown): never {
  if (isAxiosError(error) && error.config) unwrapAdapter(error.config);
  throw cleanEarly(error);
}
