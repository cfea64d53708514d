// The command line: which commands there are, and how each ends. A command's own file says its options; what it does is loaded
// when it is run, so that `--help` costs nothing.
import { Command, CommanderError } from 'commander';
import { registerCompletion } from './commands/completion.js';
import { registerDoctor } from './commands/doctor.js';
import { registerExec } from './commands/exec.js';
import { registerKeys } from './commands/keys.js';
import { registerLogin } from './commands/login.js';
import { registerLogout } from './commands/logout.js';
import { registerPlayground } from './commands/playground.js';
import { registerStatus } from './commands/status.js';
import { registerToken } from './commands/token.js';
import { codeOf, describeFailure, EXIT, Exit, exitCodeOf, Interrupted, reasonOf } from './terminal/failure.js';
import type { Terminal } from './terminal/terminal.js';

const REGISTER = [
  registerToken,
  registerLogin,
  registerLogout,
  registerStatus,
  registerExec,
  registerKeys,
  registerDoctor,
  registerPlayground,
  registerCompletion,
];

const EXIT_CODES = `
Exit codes: 0 done, 1 a bug, 2 usage or configuration, 3 credentials, 4 sign in again, 5 try later, 130 Ctrl-C.
Secrets are read from the environment, a file, a keyring, a command or a prompt, never from an argument.`;

/**
 * Runs one command line.
 * @param argv what follows the program's name
 * @returns the exit code; it never rejects
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await parsed(argv, terminal);
  } catch (thrown) {
    const error = reasonOf(thrown);
    const code = await endWith(error, terminal);
    return argv[0] === 'exec' && FAILURES.has(code) && !(error instanceof Exit) ? EXEC_FAILED : code;
  }
}

/** What `exec` answers for itself: its command may end with any of the others (env(1), timeout(1)). */
const EXEC_FAILED = 125;
const FAILURES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5]);

async function parsed(argv: readonly string[], terminal: Terminal): Promise<number> {
  const printed: Promise<void>[] = [];
  const program = programOf(terminal, printed);
  try {
    await untilInterrupted(program.parseAsync(argv, { from: 'user' }), terminal.interrupted);
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    await Promise.all(printed);
    if (error.exitCode === 0) return 0;
    return argv[0] === 'exec' ? EXEC_FAILED : EXIT.configuration;
  }
}

/**
 * All commands with their options; the reference and the completion are made of it.
 * @param printed gets what is awaited before the process ends: the writing of help and usage errors
 */
export function programOf(terminal: Terminal, printed: Promise<void>[] = []): Command {
  const program = new Command('axios-authorizer')
    .description('Tokens, keys and logins for clients of protected services, and a doctor for when there is no token.')
    .version(terminal.version, '-V, --version', 'show the version')
    .enablePositionalOptions()
    .addHelpText('after', EXIT_CODES);
  for (const register of REGISTER) register(program, terminal);
  for (const command of allOf(program)) tame(command, terminal, printed);
  return program;
}

/** The command and all below it. */
export function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

/** Commander would end the process, and print for itself. */
function tame(command: Command, { stdout, stderr }: Terminal, printed: Promise<void>[]): void {
  command.exitOverride().showHelpAfterError('(--help says more)');
  command.configureOutput({
    writeOut: (text) => void printed.push(stdout.write(text)),
    writeErr: (text) => void printed.push(stderr.write(text)),
    getOutHelpWidth: () => stdout.columns ?? 80,
    getErrHelpWidth: () => stderr.columns ?? 80,
    getOutHasColors: () => stdout.isTerminal,
    getErrHasColors: () => stderr.isTerminal,
    outputError: (text, write) => write(withoutValues(text)),
  });
}

/** What was written after `=` may be a secret that somebody meant well with. */
function withoutValues(text: string): string {
  const hidden = text.replace(/(--[\w-]+)=[^'\n]*/g, '$1=[hidden]');
  const isSecret = /unknown option '--(?:[\w-]*(?:secret|password|code[12]?|token|api-key|passphrase))(?=[='])/.test(
    text,
  );
  return isSecret
    ? `${hidden}A secret is no argument: everybody on this machine can read it there. Say where it is: --client-secret-from env:NAME and the like.\n`
    : hidden;
}

/** Nothing is awaited after Ctrl-C: what is written is written in one step. */
function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason instanceof Interrupted ? signal.reason : new Interrupted());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function endWith(error: unknown, terminal: Terminal): Promise<number> {
  if (codeOf(error) === 'EPIPE') return 0; // whoever read it has enough
  const code = exitCodeOf(error);
  const isSaid = error instanceof Exit || error instanceof Interrupted;
  if (!isSaid) await said(describeFailure(error, terminal), terminal);
  return code;
}

async function said(message: string, { stderr }: Terminal): Promise<void> {
  try {
    await stderr.write(message);
  } catch {
    // the exit code still says it
  }
}
