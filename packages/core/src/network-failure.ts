// Why a request got no answer. A network fails for a while; a certificate, a protocol or a setting fails until somebody
// changes it (C5). Read from the codes and words of Node, undici, OpenSSL, browsers, Bun and Deno.
import { isObject, membersOf, textOf } from './members.js';

export type NetworkFailure = 'network' | 'certificate' | 'client_certificate' | 'protocol' | 'setup';

type Members = Readonly<Record<string, unknown>>;

const DEEPEST_CAUSE = 5;

/** `error` and what lies underneath: its causes, and the errors of an AggregateError. */
export function causesOf(error: unknown, depth = 0): readonly Members[] {
  if (!isObject(error) || depth > DEEPEST_CAUSE) return [];
  const { cause, errors } = error;
  const below = [cause, ...(Array.isArray(errors) ? (errors as readonly unknown[]) : [])];
  return [error, ...below.flatMap((inner) => causesOf(inner, depth + 1))];
}

/** The code of whatever lies deepest: axios and fetch put one of their own above it. */
export function codeOf(error: unknown): string | undefined {
  return causesOf(error)
    .flatMap(({ code }) => textOf(code) ?? [])
    .at(-1);
}

/** The peer's own words (TLS alerts, RFC 8446 section 6.2): it does not take the certificate that it was shown. */
const CLIENT_CERTIFICATE = /alert (?:\w+ )?certificate|alert unknown ca/;
/** EPROTO, or a code of its own: TLS spoken to something else, or in a version that the other side does not speak. */
const PROTOCOL =
  /wrong version number|unsupported protocol|alert protocol version|packet length too long|version too low|invalidcontenttype/;
/** Node's names of OpenSSL's verification results, and of its own check of the host name. */
const CERTIFICATE_CODE =
  /CERT|^(?:CRL|UNABLE_TO|ERROR_IN)_|^(?:HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/;
/** Deno and others give no code. */
const CERTIFICATE_WORDS =
  /invalid peer certificate|self[- ]signed certificate|certificate has expired|unable to (?:verify the first|get (?:local )?issuer) certificate/;
/** axios's, Node's and undici's codes for what cannot be sent as it was asked for. */
const SETUP_CODE =
  /^(?:ERR_(?:NOT_SUPPORT|BAD_OPTION|INVALID_|HTTP_INVALID|UNESCAPED_|SOCKET_BAD_PORT|MISSING_ARGS|UNSUPPORTED_|OSSL_|TLS_(?:INVALID|PROTOCOL_VERSION_CONFLICT))|UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED))/;
/** The fetch standard's blocked ports and schemes; axios's adapter that nobody has. */
const SETUP_WORDS = /^(?:bad port$|unknown scheme$|unknown adapter|failed to execute)/;
const NETWORK_CODE =
  /^(?:E(?:CONN|HOST|NET|ADDR|AI_|TIME|SOCKETTIME|PIPE|PROTO|NOTFOUND)|UND_ERR_|HPE_|ERR_(?:NETWORK|CANCELED|SOCKET|HTTP2_|SSL_|STREAM_PREMATURE)|Connection(?:Refused|Closed|Reset)|FailedToOpenSocket)/;
/** fetch of Node, Chromium, Firefox, WebKit, Bun and Deno; also while a body is read. */
const NETWORK_WORDS =
  /^(?:fetch failed|failed to fetch|networkerror|network error|load failed|terminated|unable to connect|error (?:sending request|reading a body|in (?:body|input) stream)|the (?:network )?connection)/;
/** Node's, without the code in them. */
const SOCKET_WORDS = /^(?:socket hang up|client network socket disconnected)/;
const STOPPED = new Set<unknown>(['AbortError', 'TimeoutError']);

/** What kind of failure it is, or undefined for one that says nothing about a network. */
export function networkFailureOf(error: unknown): NetworkFailure | undefined {
  const causes = causesOf(error);
  const kinds: readonly (readonly [NetworkFailure, (cause: Members) => boolean])[] = [
    ['client_certificate', (cause) => CLIENT_CERTIFICATE.test(wordsOf(cause))],
    ['protocol', (cause) => PROTOCOL.test(wordsOf(cause))],
    ['setup', ({ code, message }) => SETUP_CODE.test(String(code)) || SETUP_WORDS.test(lower(message))],
    ['certificate', (cause) => CERTIFICATE_CODE.test(codeText(cause)) || CERTIFICATE_WORDS.test(wordsOf(cause))],
    ['network', isNetwork],
  ];
  return kinds.find(([, matches]) => causes.some(matches))?.[0];
}

/** Whether it is a mistake of a program, made before or while a request was set up. */
export function isProgramError(error: unknown): boolean {
  return PROGRAM_ERRORS.has(membersOf(error)['name']);
}

const PROGRAM_ERRORS = new Set<unknown>(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

function isNetwork(cause: Members): boolean {
  const { name, message } = cause;
  if (STOPPED.has(name) || (NETWORK_CODE.test(codeText(cause)) && isOfClient(cause))) return true;
  return name === 'TypeError' && NETWORK_WORDS.test(lower(message));
}

/** Whether a platform or a client made it: a plain Error whose words know nothing of its code is somebody's own. */
function isOfClient(cause: Members): boolean {
  const { name, message, syscall, isAxiosError } = cause;
  const isNamed = isAxiosError === true || syscall !== undefined || name !== 'Error';
  return isNamed || SOCKET_WORDS.test(lower(message)) || String(message).includes(codeText(cause));
}

function codeText({ code }: Members): string {
  return textOf(code) ?? '';
}

/** A code reads like its words: ERR_SSL_WRONG_VERSION_NUMBER, "wrong version number". */
function wordsOf(cause: Members): string {
  return `${lower(codeText(cause)).replaceAll('_', ' ')} ${lower(cause['message'])}`;
}

function lower(text: unknown): string {
  return typeof text === 'string' ? text.toLowerCase() : '';
}
