// Sends a request with a token, and follows its redirects by hand where fetch would not ask before each hop (C9). In a page the
// browser follows those of a request whose only credential is Authorization, which it takes off at another origin.
import { asSent } from '../authorizer/credentials.js';
import type { OutgoingRequest } from '../authorizer/credentials.js';
import { isBrowser } from '../internal/browser.js';
import { asString, headerValue, recordOf } from '../internal/records.js';
import { isNodeStream, isWebStream } from '../internal/streams.js';
import { describeUrl, parseUrl } from '../request/allow-list.js';
import { withoutSent } from '../request/sent-secrets.js';
import { becomesGet, BODY_HEADERS, hiddenTarget, isRedirect, MOST_REDIRECTS, PRIVATE_HEADERS } from '../request/hop.js';
import { emitNotice } from '../request/skipped.js';
import { ConfigurationError } from '../token/errors/errors.js';
import type { ProofOfPossession } from '../token/proof.js';
import type { Token } from '../token/token.js';
import type { Binding, Fetch, Sending } from './context.js';
import { redirected, spentBody, withBody } from './request.js';
import type { Asked, Outgoing } from './request.js';

/** @throws ConfigurationError on a platform without fetch; what fetch throws */
export function sendBy({ fetch }: Binding, input: string | URL | Request, init: object | undefined): Promise<Response> {
  const how: unknown = fetch ?? globalThis.fetch;
  if (!isFetch(how))
    throw new ConfigurationError(
      'This platform has no fetch: give authorizedFetch one as `fetch`, such as that of undici',
    );
  return init === undefined ? how(input) : how(input, init);
}

function isFetch(value: unknown): value is Fetch {
  return typeof value === 'function';
}

/** The answer at the end of the redirects. */
export async function send(sending: Sending): Promise<Response> {
  const { binding, asked } = sending;
  if (asked.redirect !== 'follow' || leavesRedirects(sending)) return sendHop(sending, sending, asked.redirect);
  let [hop, response]: [Outgoing, Response] = [sending, await sendHop(sending, sending, 'manual')];
  for (let hops = 0; ; hops++) {
    const target = redirectTarget(response, hop);
    if (target === undefined) return hops > 0 ? asRedirected(response) : response;
    discard(response);
    if (hops === MOST_REDIRECTS) throw new TypeError(`More than ${MOST_REDIRECTS} redirects`);
    hop = await nextHop({ hop, status: response.status, target }, asked);
    sending.isAllowed = binding.allowList.allows(target);
    response = await sendHop(sending, hop, 'manual');
  }
}

/** What a request carries with a token. */
export type Carried = Pick<Sending, 'credentials' | 'proof' | 'isAllowed' | 'isRepeated'>;

export function carried(request: Pick<Sending, 'internals' | 'url' | 'method' | 'headers'>, token: Token): Carried {
  const { internals, headers: callers } = request;
  const { headers, names } = internals.credentialsOf(token, () => outgoing(request));
  const credentials = Object.entries(headers).filter(([name]) => !callers.has(name));
  const isProven = internals.proof && names.includes(internals.proof.header) && !callers.has(internals.proof.header);
  return { credentials, proof: isProven ? internals.proof : undefined, isAllowed: true, isRepeated: false };
}

function outgoing({ method, url }: Pick<Outgoing, 'method' | 'url'>): OutgoingRequest {
  return { url, method: asSent(method) };
}

/** Whether a browser may follow redirects by itself: it takes Authorization off at another origin, but no other header. */
function leavesRedirects({ binding, credentials, internals }: Sending): boolean {
  if (!isBrowser() || internals.isPerRequest) return false;
  return binding.browserRedirects === 'trust' || credentials.every(([name]) => name.toLowerCase() === 'authorization');
}

function sendHop(sending: Sending, hop: Outgoing, redirect: unknown): Promise<Response> {
  const { binding, isAllowed, proof } = sending;
  const headers = new Headers(hop.headers);
  const init = { ...hop.init, redirect };
  if (!isAllowed) return sendBy(binding, hop.input, { ...init, headers });
  const credentials = credentialsAt(sending, hop);
  for (const [name, value] of credentials) headers.set(name, value);
  const answer = proof
    ? sendProven(sending, { ...hop, headers, init }, proof)
    : sendBy(binding, hop.input, { ...init, headers });
  return answer.catch((error: unknown) => Promise.reject(withoutSent(error, Object.fromEntries(credentials))));
}

function credentialsAt(sending: Sending, hop: Outgoing): Sending['credentials'] {
  const { internals, token, credentials } = sending;
  if (!internals.isPerRequest || hop === sending) return credentials;
  return carried({ ...hop, internals }, token).credentials;
}

/** Sends a hop with a proof of its own, and once more where its server asks for another (RFC 9449 section 8). */
function sendProven(sending: Sending, hop: Outgoing, proof: ProofOfPossession): Promise<Response> {
  const { binding, internals, token, asked } = sending;
  let now = hop;
  const { bearer: accessToken } = internals.credentialsOf(token, () => outgoing(hop));
  return proof.exchange<Response>(
    { ...outgoing(hop), accessToken, token },
    {
      send: (made) => {
        now.headers.set(proof.header, made);
        return sendBy(binding, now.input, { ...now.init, headers: now.headers });
      },
      read: (response) => response,
      again: async (response) => {
        const isOver = internals.lifecycle.sessionOf(token) !== internals.lifecycle.session; // it gets its 401 (C17)
        const body = isOver || sending.isRepeated ? undefined : await bodyAgain(now, asked);
        if (typeof body === 'string') emitNotice(internals, `Not sent again with another proof: ${body}`);
        if (typeof body !== 'object') return false;
        sending.isRepeated = true;
        discard(response);
        now = { ...now, ...body };
        return true;
      },
      notice: (message) => emitNotice(internals, message),
    },
  );
}

/** What is sent again; or in words why its body is spent. */
export async function bodyAgain(
  { input, headers, init }: Pick<Outgoing, 'input' | 'headers' | 'init'>,
  { resendBody }: Pick<Asked, 'resendBody'>,
): Promise<Pick<Outgoing, 'headers' | 'init'> | string> {
  if (!resendBody) return spentBody({ input, init }) ?? { headers, init };
  try {
    return withBody({ headers, init }, await resendBody());
  } catch (error) {
    return `resendBody failed (${asString(recordOf(error)['message']) ?? 'no reason given'})`;
  }
}

/** Where to; undefined for what is no redirect. @throws TypeError, as fetch does, where that is nowhere to go */
function redirectTarget(response: Response, { url }: Outgoing): URL | undefined {
  if (response.type === 'opaqueredirect' && !isRedirect(response.status))
    throw new TypeError(hiddenTarget(describeUrl(url)));
  const location = isRedirect(response.status) ? headerValue(response.headers, 'location') : undefined;
  if (typeof location !== 'string') return undefined;
  const target = parseUrl(location, url.href);
  if (target && /^https?:$/.test(target.protocol)) return target;
  discard(response);
  throw new TypeError(`${describeUrl(url)} redirects to what is no http(s) URL`);
}

interface Redirect {
  readonly hop: Outgoing;
  readonly status: number;
  readonly target: URL;
}

/** @throws TypeError, as fetch does, when the body was used up */
async function nextHop({ hop, status, target }: Redirect, { resendBody }: Asked): Promise<Outgoing> {
  const next = redirected(hop, target);
  if (hop.url.origin !== target.origin) for (const name of PRIVATE_HEADERS) next.headers.delete(name);
  if (becomesGet(status, next.method)) {
    for (const name of BODY_HEADERS) next.headers.delete(name);
    const { body: _body, duplex: _duplex, ...others } = next.init;
    return { ...next, method: 'GET', init: { ...others, method: 'GET' } };
  }
  const spent = spentBody(hop);
  if (spent === undefined) return next;
  if (!resendBody) throw new TypeError(`${describeUrl(hop.url)} redirects to ${describeUrl(target)}, but ${spent}`);
  return withBody(next, await resendBody());
}

function asRedirected(response: Response): Response {
  Reflect.defineProperty(response, 'redirected', { value: true, configurable: true });
  return response;
}

/** Frees the connection of an answer that nobody will read. */
export function discard({ body }: { readonly body?: unknown }): void {
  if (isNodeStream(body)) body.destroy?.();
  else if (isWebStream(body)) body.cancel().catch(() => undefined);
}

/** The body of a rejection is given up before the refresh: a session that ends meanwhile leaves its head. */
export function withoutBody({ status, statusText, headers, url }: Response): Response {
  const response = new Response(null, { status, statusText, headers });
  Object.defineProperty(response, 'url', { value: url, configurable: true });
  return response;
}
