// The forms in which a token is printed, each as its reader takes it.
import { parseObject } from '@axios-authorizer/core/extend';
import type { Terminal } from '../terminal/terminal.js';
import type { Bearer } from './bearer.js';
import type { Format } from './format-names.js';

export interface FormatOptions {
  readonly format: Format;
  /** The name of the variable, for `env`. */
  readonly variable: string;
}

type Formatter = (token: Bearer, options: FormatOptions, terminal: Pick<Terminal, 'env'>) => string;

const FORMATTERS: Readonly<Record<Format, Formatter>> = {
  text: ({ bearer }) => bearer,
  json: ({ bearer, expiresAt, scope }) =>
    JSON.stringify({ access_token: bearer, token_type: 'Bearer', expires_at: expiresAt?.toISOString(), scope }),
  env: ({ bearer }, { variable }) => `${variable}=${shellQuoted(bearer)}`,
  header: ({ bearer }) => `Authorization: Bearer ${bearer}`,
  'curl-config': ({ bearer }) => `header = "${curlQuoted(`Authorization: Bearer ${bearer}`)}"`,
  'exec-credential': execCredential,
};

/** The token in that form, with a line end. */
export function formatted(token: Bearer, options: FormatOptions, terminal: Pick<Terminal, 'env'>): string {
  return `${FORMATTERS[options.format](token, options, terminal)}\n`;
}

/** A shell takes most tokens as they are; what it would read is quoted. */
function shellQuoted(text: string): string {
  return /^[\w.~+/=:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** In double quotes curl reads backslashes as C does (curl(1), --config). */
function curlQuoted(text: string): string {
  return text.replace(/["\\]/g, (character) => `\\${character}`);
}

const DEFAULT_VERSION = 'client.authentication.k8s.io/v1';

/** For client-go (ExecCredential); it says in KUBERNETES_EXEC_INFO which version it speaks. */
function execCredential(
  { bearer, expiresAt }: Bearer,
  _options: FormatOptions,
  { env }: Pick<Terminal, 'env'>,
): string {
  const { apiVersion } = parseObject(env['KUBERNETES_EXEC_INFO'] ?? '') ?? {};
  const version = typeof apiVersion === 'string' && apiVersion !== '' ? apiVersion : DEFAULT_VERSION;
  const expirationTimestamp = expiresAt && `${expiresAt.toISOString().slice(0, 19)}Z`;
  return JSON.stringify({
    apiVersion: version,
    kind: 'ExecCredential',
    status: { token: bearer, expirationTimestamp },
  });
}

/** On a screen, in place of the token. */
export function masked({ bearer, ...rest }: Bearer): Bearer {
  return { ...rest, bearer: `${bearer.length > 40 ? bearer.slice(0, 4) : ''}********` };
}
