// A program that prints a token: the exec plugins of Kubernetes, the command-line tools of clouds and companies.
import { stripVTControlCharacters } from 'node:util';
import { AuthenticationError, ConfigurationError } from '../../index.js';
import { checkOptions, isObject, parseObject, readToken, recordOf, redact, systemClock } from '../../extend.js';
import type { Clock, Token, TokenRequest, TokenSource } from '../../index.js';
import type { OptionTable } from '../../extend.js';
import { tokenInJson } from './credential.js';
import type { Origin } from './credential.js';
import { runProgram } from './program.js';
import type { Ended, Limits, Program } from './program.js';
import { inheritedEnvironment } from './settings.js';

/** The options of {@link execSource}: the program that prints the token. */
export interface ExecSourceOptions {
  /** The program: a path, or a name that is looked for in PATH. No shell reads it. */
  readonly command: string;
  /** Its arguments, each as it is. Every user of the machine can read them: secrets belong in `env`. Default: none. */
  readonly args?: readonly string[] | undefined;
  /** Its whole environment: `{ ...process.env, AWS_PROFILE: 'prod' }` adds to that of this process. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The folder it runs in. Default: that of this process. */
  readonly cwd?: string | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const OPTIONS: OptionTable<ExecSourceOptions> = {
  command: 'string',
  args: 'any',
  env: 'object',
  cwd: 'string',
  clock: 'clock',
};
const CANNOT_START = new Set([
  'ENOENT',
  'EACCES',
  'ENOTDIR',
  'EINVAL',
  'E2BIG',
  'ENOEXEC',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
]);
const SHOWN_CHARACTERS = 500;
const MOST_WORDS = 64;

/**
 * A source that runs a program and reads the JSON on its standard output: an ExecCredential of client.authentication.k8s.io/v1 or
 * v1beta1, or `{ access_token, expires_in }`, which counts from the program's start. It is run again when the token is to be
 * refreshed; one run is shared by all who wait. Without a stated expiry that of a JWT counts, else a token is used until it is
 * rejected.
 *
 * The authorizer's `timeoutMs` is its limit. When that is over, at a logout, and when it prints more than 1 MiB, its whole process
 * group is killed (on Windows the program alone); when this process ends as well, whatever ends it, SIGKILL included (a shell
 * beside the program sees to that: on Windows, and where there is no /bin/sh, a program outlives a process that a signal ends).
 * Its token counts as soon as it has exited: what it leaves behind in its group is ended, a daemon that it started is not, and
 * neither is waited for. It has no terminal and no input, so it can ask nobody anything.
 * @throws ConfigurationError for options that cannot be meant; its `authorize` throws it for a program that cannot be started and
 *   for output that is no such JSON, AuthenticationError `source_failed` with the end of its standard error, less secrets, for any
 *   exit code but 0, and `timeout`
 * @example
 * ```ts
 * const source = execSource({ command: 'aws', args: ['eks', 'get-token', '--cluster-name', 'prod'] });
 * const authorizer = new Authorizer(source, { timeoutMs: 10_000 });
 * ```
 */
export function execSource(given: ExecSourceOptions): TokenSource {
  const { command, args = [], env, cwd, clock = systemClock } = checkOptions(given, 'execSource', OPTIONS);
  if (!command) throw new ConfigurationError('execSource needs `command`: the program that prints a token');
  assertTexts(command, args, env);
  const program = { command, args: [...args], env, cwd };
  const authorize = async ({ signal }: TokenRequest): Promise<Token> => {
    const from = clock.now();
    const ended = await ran(program, { signal, clock });
    assertGood(program, ended);
    return tokenIn(ended.stdout, { what: `What the program ${nameOf(program)} printed`, from });
  };
  return { authorize };
}

function tokenIn(stdout: string, origin: Origin): Token {
  const found = parseObject(stdout.trim());
  if (found) return readToken(tokenInJson(found, origin), origin.what);
  const wanted = 'it must be an ExecCredential or { "access_token", "expires_in" }, and nothing else';
  throw new ConfigurationError(`${origin.what} is no JSON object; ${wanted}`);
}

function assertTexts(command: string, args: unknown, env: ExecSourceOptions['env']): void {
  const isList = Array.isArray(args) && args.every((arg) => typeof arg === 'string');
  if (!isList) throw new ConfigurationError('`args` of execSource must be a list of texts, one an argument');
  if ([command, ...args, ...Object.entries(env ?? {}).flat()].some((text) => String(text).includes('\0')))
    throw new ConfigurationError('`command`, `args` and `env` of execSource must hold no NUL');
}

async function ran(program: Program, limits: Limits): Promise<Ended> {
  const { signal } = limits;
  try {
    return await runProgram(program, limits);
  } catch (error) {
    if (signal.aborted) throw late(program, signal.reason);
    const code = String(recordOf(error)['code']);
    if (!CANNOT_START.has(code)) throw error;
    const why = code === 'ENOENT' ? 'it was not found in PATH, or its `cwd` is not there' : code;
    throw new ConfigurationError(`${named(program)} cannot be started: ${why}`, { cause: { code } }); // Node's has the arguments
  }
}

/** Said in place of the limit's own error, which cannot name the program. */
function late(program: Program, reason: unknown): unknown {
  if (!isObject(reason) || reason['code'] !== 'timeout') return reason;
  return new AuthenticationError(`${named(program)} had not ended within \`timeoutMs\` and was killed`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
  });
}

function assertGood(program: Program, ended: Ended): void {
  const { exitCode, exitSignal, isTooLong } = ended;
  if (isTooLong) throw new ConfigurationError(`${named(program)} printed more than 1 MiB, and so no token`);
  if (exitCode === 0) return;
  const how = exitCode === null ? `was ended by ${exitSignal}` : `ended with the exit code ${exitCode}`;
  const said = shown(program, ended);
  throw new AuthenticationError(`${named(program)} ${how}${said && `: ${said}`}`, {
    code: 'source_failed',
    kind: 'unavailable',
  });
}

/** The end of its standard error in one line, without secrets that this side knows. */
function shown(program: Program, { stdout, stderr }: Ended): string {
  const secrets = [...secretsIn(program), ...wordsOf(stdout)];
  const line = redact(stripVTControlCharacters(stderr), secrets)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length <= SHOWN_CHARACTERS ? line : `… ${line.slice(-SHOWN_CHARACTERS)}`;
}

/** `auth` but not `author`; `pat` and the like as a word of their own (GH_PAT, and not PATH). */
const SECRET_NAME =
  /cookie|token|secret|key|pass|pwd|credential|bearer|jwt|auth(?!or(?!iz))|(?:^|[^a-z0-9])(?:pat|creds?|sas|dsn|otp)(?![a-z0-9])/i;
/** Folders and files by their usual names. */
const PLACES = new Set(['PWD', 'OLDPWD', 'SSH_AUTH_SOCK', 'SSH_ASKPASS', 'SUDO_ASKPASS', 'GIT_ASKPASS']);
/** `scheme://user:password@host`, as settings of databases and proxies are written. */
const PASSWORD_OF_URL = /^[a-z][a-z\d+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i;

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !PLACES.has(name);
}

/**
 * Of the environment and the arguments, by their names: `--password x`, `--password=x`; whatever the name, the password of a
 * URL.
 */
function secretsIn({ args, env }: Program): readonly string[] {
  const all = Object.entries(env ?? inheritedEnvironment());
  const values = all.flatMap(([name, value]) => (isSecretName(name) ? (value ?? []) : []));
  const ofUrls = [...all.map(([, value]) => value ?? ''), ...args].flatMap(
    (text) => PASSWORD_OF_URL.exec(text)?.[1] ?? [],
  );
  const ofArgs = args.flatMap((arg, index) => {
    const [name = '', ...value] = arg.split('=');
    if (value.length > 0) return isSecretName(name) ? [value.join('=')] : [];
    const before = args[index - 1] ?? '';
    return /^-[^=]*$/.test(before) && isSecretName(before) ? [arg] : [];
  });
  return [...values, ...ofUrls, ...ofArgs];
}

/** A program that failed after all may have printed a token. */
function wordsOf(stdout: string): readonly string[] {
  return (stdout.slice(0, 65_536).match(/[\w.~+/=-]{16,}/g) ?? []).slice(0, MOST_WORDS);
}

/** Begins a sentence. */
function named(program: Program): string {
  return `The program ${nameOf(program)}`;
}

function nameOf({ command }: Program): string {
  return JSON.stringify(command);
}
