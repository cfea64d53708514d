// What credentials may be made of (RFC 6749 appendix A). One that was read from a file with its line end is refused by every
// server, as wrong; here it is said what is wrong with it, before it is sent.
import { decodeBase64 } from '../internal/base64.js';
import { ConfigurationError } from './errors/errors.js';

/** A secret, or a function that reads it when it is needed: at each attempt, so that it can rotate without a restart. */
export type Secret = string | (() => string | Promise<string>);

/** Controls and line ends, those of Unicode included. */
const CONTROLS = /[\p{Cc}\u2028\u2029]/u;
/** UNICODECHARNOCRLF of appendix A allows the tab, and what is no control of ASCII. */
// oxlint-disable-next-line no-control-regex -- that is what is looked for
const ASCII_CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const BEYOND_ASCII = /[^\u0020-\u007e]/;

/** Parameters of VSCHAR alone (appendix A; RFC 7636, 8628, 8693), and the two that a person makes up. */
const VISIBLE =
  /^(?:client_(?:id|secret|assertion)|code(?:_verifier)?|(?:refresh_|subject_|actor_)?token|scope|redirect_uri|device_code|assertion)$/;
const PERSONAL = /^(?:username|password)$/;

/**
 * Refuses a line end or another control character in an id, a secret, a token or a code (RFC 6749 appendix A).
 * @param what its name, for the message
 * @throws ConfigurationError that says which, and what to do; never what it holds
 *
 * @example
 * ```ts
 * assertNoControls(clientId, 'clientId'); // ConfigurationError when it holds a line end
 * ```
 */
export function assertNoControls(text: string, what: string): void {
  const control = CONTROLS.exec(text)?.[0];
  if (control !== undefined) throw unfit(text, what, control);
}

/**
 * Refuses a name or a password, which a person makes up and which may hold a tab, with another control character in it (RFC 6749
 * appendix A.15 and A.16).
 * @param what what it is, for the message; begins a sentence
 * @throws ConfigurationError that says which character it is, and not the text
 *
 * @example
 * ```ts
 * assertOneLine(password, 'password');
 * ```
 */
export function assertOneLine(text: string, what: string): void {
  const control = ASCII_CONTROLS.exec(text)?.[0];
  if (control !== undefined) throw unfit(text, what, control);
}

/**
 * The secret, read now. @throws ConfigurationError when there is none, or it holds a control character; what the function throws
 *
 * @example
 * ```ts
 * const secret = await readSecret(async () => 'from the vault', 'clientSecret of vaultSource');
 * ```
 */
export async function readSecret(secret: Secret, what: string): Promise<string> {
  const text: unknown = typeof secret === 'function' ? await secret() : secret;
  if (typeof text !== 'string' || text === '') throw new ConfigurationError(`${what} is empty; where is it read from?`);
  assertNoControls(text, what);
  return text;
}

export interface CredentialForm {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: URLSearchParams;
  /** Called for what a server may read in another way than it was written. */
  readonly notice?: ((message: string) => void) | undefined;
}

/** Judges what a form is about to send. @throws ConfigurationError as `assertNoControls` does */
export function assertFormText({ headers, body, notice }: CredentialForm): void {
  for (const [name, value] of body) {
    if (VISIBLE.test(name)) assertNoControls(value, name);
    if (PERSONAL.test(name)) assertOneLine(value, name);
    if (VISIBLE.test(name) && BEYOND_ASCII.test(value)) notice?.(beyondAscii(name));
  }
  for (const [name, value] of Object.entries(headers)) {
    assertNoControls(value, `The header ${JSON.stringify(name)}`);
    const basic = name.toLowerCase() === 'authorization' ? basicCredentials(value) : '';
    assertNoControls(basic, 'The client id or secret in the Authorization header');
    if (BEYOND_ASCII.test(new URLSearchParams(`v=${basic}`).get('v') ?? ''))
      notice?.(beyondAscii('The client id or secret'));
  }
}

function basicCredentials(header: string): string {
  const [scheme = '', credentials = ''] = header.trim().split(/ +/);
  return scheme.toLowerCase() === 'basic' ? decodeBase64(credentials) : '';
}

function beyondAscii(what: string): string {
  return `${what} holds characters beyond ASCII, which RFC 6749 (appendix A) does not have: servers differ in how they read them`;
}

function unfit(text: string, what: string, control: string): ConfigurationError {
  const code = (control.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const how = /[\r\n]$/.test(text) ? 'ends with a line break' : `holds a control character (U+${code})`;
  return new ConfigurationError(`${what} ${how}; trim it where it is read`);
}
