// A form that a client posts to an endpoint of OAuth 2, with the one proof of who it is.
import { abortable } from '../internal/clock.js';
import type { Clock } from '../internal/clock.js';
import { sendForm, assertEndpoint } from './http.js';
import type { EndpointAnswer, Transport } from './http.js';
import { assertFormText } from '../token/credential-text.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { asString } from '../internal/records.js';
import { secretsOf } from '../token/secrets.js';

/**
 * Authenticates the client at the token endpoint (RFC 6749 section 2.3): changes the headers or the body of a request that
 * is about to be sent. Called anew for each attempt.
 */
export type ClientAuth = (request: {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: URLSearchParams;
}) => void | Promise<void>;

export interface FormPost {
  readonly url: string;
  readonly body: URLSearchParams;
  readonly allowInsecure?: boolean | undefined;
  readonly clientAuth?: ClientAuth | undefined;
  /** Called with what a server may read in another way than it was written. Default: nobody is told. */
  readonly notice?: ((message: string) => void) | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

/** Posts a form and reads the answer; throws as `sendForm` does. */
export async function postForm(post: FormPost): Promise<EndpointAnswer> {
  assertEndpoint(post.url, post.allowInsecure);
  const { headers, body } = await authenticated(post);
  const grantType = asString(body.get('grant_type'));
  return sendForm({
    ...post,
    headers,
    body: body.toString(),
    secrets: secretsOf(headers, body),
    grantType,
  });
}

/** The request with its client authentication, one method only (RFC 6749 section 2.3). */
async function authenticated(post: FormPost): Promise<{ headers: Record<string, string>; body: URLSearchParams }> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Content-Type': 'application/x-www-form-urlencoded',
    ...post.headers,
  };
  const body = new URLSearchParams(post.body);
  await abortable(Promise.resolve(post.clientAuth?.({ url: post.url, headers, body })), post.signal);
  const byHeader = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const methods = [byHeader, body.has('client_secret'), body.has('client_assertion')].filter(Boolean);
  if (methods.length > 1)
    throw new ConfigurationError(
      'A request authenticates the client in one way only: by header, client_secret or client_assertion',
    );
  assertFormText({ headers, body, notice: post.notice });
  return { headers, body };
}
