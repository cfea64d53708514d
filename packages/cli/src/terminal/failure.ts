// What ends a command: the exit codes, the errors of the command line itself, and the one place where any error becomes a message.
import type { AuthErrorKind } from '@axios-authorizer/core';
import { BY_NETWORK, networkCodeOf } from './network.js';
import { inOurWords } from './our-words.js';
import { printable } from './printable.js';
import type { Terminal } from './terminal.js';

/** Beside 0. Another program can tell by them what to do. */
export const EXIT = {
  bug: 1,
  configuration: 2,
  credentials: 3,
  session: 4,
  unavailable: 5,
  interrupted: 130,
} as const;

const SIGNALLED: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Set to anything, it shows where an error was thrown. */
const DEBUG_VARIABLE = 'AXIOS_AUTHORIZER_DEBUG';

const KINDS: readonly string[] = ['configuration', 'credentials', 'session', 'unavailable'] satisfies AuthErrorKind[];

/** A failure that the command line itself finds. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly kind: AuthErrorKind;
  /** What to do about it; a sentence. */
  readonly advice: string | undefined;

  constructor(
    message: string,
    options: { readonly kind: AuthErrorKind; readonly advice?: string; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind;
    this.advice = options.advice;
  }
}

/** The command cannot work as it was given, or its configuration cannot: exit code 2. */
export class UsageError extends CliError {
  override readonly name: string = 'UsageError';

  constructor(message: string, advice?: string, cause?: unknown) {
    super(message, { kind: 'configuration', cause, ...(advice !== undefined && { advice }) });
  }
}

/** Ctrl-C, at a prompt or elsewhere, or another signal: 128 and its number, as shells have it, and no message. */
export class Interrupted extends Error {
  override readonly name: string = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals = 'SIGINT') {
    super(`ended by ${signal}`);
    this.exitCode = SIGNALLED[signal] ?? EXIT.interrupted;
  }
}

/** Ends a command with a code of its own making, such as that of a child; everything is said already. */
export class Exit extends Error {
  override readonly name: string = 'Exit';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/**
 * What ends the command. Core wraps what a function of ours threw while it waited for a token: it is the reason all the same.
 */
export function reasonOf(error: unknown): unknown {
  let cause = error;
  for (let depth = 0; depth < DEEPEST && cause !== undefined; depth += 1) {
    if (cause instanceof CliError || cause instanceof Interrupted || cause instanceof Exit) return cause;
    ({ cause } = fieldsOf(cause));
  }
  return error;
}

const DEEPEST = 8;

/** The exit code of what a command threw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Exit || error instanceof Interrupted) return error.exitCode;
  const kind = kindOf(error);
  return kind === undefined ? EXIT.bug : EXIT[kind];
}

/** What to do about it, as every error of the family says; what the system says of files and disks counts as well. */
function kindOf(error: unknown): AuthErrorKind | undefined {
  const { kind, code } = fieldsOf(error);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of the four
  if (typeof kind === 'string' && KINDS.includes(kind)) return kind as AuthErrorKind;
  if (typeof code !== 'string') return undefined;
  if (DISK_CODES.has(code)) return 'unavailable';
  return PLACE_CODES.has(code) ? 'configuration' : undefined;
}

const DISK_CODES = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'EAGAIN']);
/** Of a path, a host or a port that was given. */
const PLACE_CODES = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EROFS',
  'EISDIR',
  'ENOTDIR',
  'EEXIST',
  'ELOOP',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
]);

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: make room and run it again. Nothing is half-written.',
  EDQUOT: 'Your quota is used up: make room and run it again. Nothing is half-written.',
  EROFS: 'The place cannot be written to; name another one.',
  EACCES: 'Check who owns it and its mode.',
  EPERM: 'Check who owns it and its mode.',
  EADDRINUSE: 'Another program listens there: take another --port.',
  EADDRNOTAVAIL: 'This machine has no such address: name another --host.',
  ENOTFOUND: 'There is no such host: check its name.',
  not_authenticated: 'Nobody is signed in: run `axios-authorizer login`.',
  logged_out: 'Somebody signed out meanwhile: run `axios-authorizer login`.',
  challenge_required: 'A person has to answer: run `axios-authorizer login` in a terminal.',
  cooling_down: 'It failed before; wait as long as it says.',
};

const ADVICE_BY_KIND: Readonly<Record<AuthErrorKind, string | undefined>> = {
  configuration: undefined, // says itself what to change
  credentials: 'Check the client id, its secret or key, and the name and password of the user.',
  session: 'Sign in again: `axios-authorizer login`.',
  unavailable: 'Try again later; `axios-authorizer doctor` looks for the reason.',
};

/** The message for a person: what failed, and what to do. A stack only where it is asked for; never a secret that was read. */
export function describeFailure(error: unknown, terminal: Terminal): string {
  const { message, stack } = fieldsOf(error);
  const what = inOurWords(typeof message === 'string' && message !== '' ? message : String(error));
  const todo = adviceFor(error, what);
  const lines = [`axios-authorizer: ${what}`, ...(todo === undefined ? [] : [todo])];
  if (terminal.env[DEBUG_VARIABLE] && typeof stack === 'string') lines.push(stack);
  return `${printable(withoutSecrets(lines.join('\n'), terminal))}\n`;
}

function adviceFor(error: unknown, what: string): string | undefined {
  const { advice, code } = fieldsOf(error);
  if (typeof advice === 'string') return advice;
  const byCode = typeof code === 'string' ? ADVICE[code] : undefined;
  if (byCode !== undefined) return byCode;
  const kind = kindOf(error);
  if (kind === undefined)
    return `This looks like a bug: run it again with ${DEBUG_VARIABLE}=1 and report what it prints.`;
  const network = kind === 'unavailable' ? networkCodeOf(error) : undefined;
  if (network !== undefined) return networkAdvice(network);
  const saysWhat = kind === 'credentials' && /\bcheck (?!the credentials)/.test(what); // itkdb: the access codes
  return saysWhat ? undefined : ADVICE_BY_KIND[kind];
}

function networkAdvice(code: string): string {
  const advice = BY_NETWORK[code] ?? '';
  return `${advice.slice(0, 1).toUpperCase()}${advice.slice(1)}${advice.endsWith('?') ? '' : '.'} \`axios-authorizer doctor\` looks further.`;
}

/** A word that is shorter is in every text: to take it out would tell it. */
const SHORTEST_SECRET = 4;

/** Takes the secrets of this run out of a text. */
export function withoutSecrets(text: string, { secrets }: Pick<Terminal, 'secrets'>): string {
  const longestFirst = [...secrets]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .toSorted((one, two) => two.length - one.length);
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
}

/** Whether the family throws it, and not the system: then it says what to do. */
export function isOurs(error: unknown): boolean {
  return typeof fieldsOf(error).kind === 'string';
}

/** The code of an error, the system's or the family's; undefined for none. */
export function codeOf(error: unknown): string | undefined {
  const { code } = fieldsOf(error);
  return typeof code === 'string' ? code : undefined;
}

interface Fields {
  readonly cause?: unknown;
  readonly message?: unknown;
  readonly kind?: unknown;
  readonly code?: unknown;
  readonly advice?: unknown;
  readonly stack?: unknown;
}

function fieldsOf(error: unknown): Fields {
  return typeof error === 'object' && error !== null ? error : {};
}
