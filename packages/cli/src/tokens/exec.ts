// `exec`: runs a command with a token in its environment, and nowhere else. It ends as the command does, and its own failures
// are 125 to 127, as those of env(1) and timeout(1).
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { environmentFor } from '../services/secret-variables.js';
import { findService } from '../services/service.js';
import type { Selection } from '../services/service.js';
import { codeOf as failureCode, Exit, UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { bearerOf } from './bearer.js';
import { assertVariable } from './print-token.js';

const CANNOT_RUN = 126;
const NOT_FOUND = 127;
const KILLED = 128;

export interface ExecOptions {
  readonly variable: string;
  readonly refresh?: boolean;
}

/** @throws Exit with the code of the command */
export async function execWithToken(
  selection: Selection,
  rest: readonly string[],
  { options, terminal }: { readonly options: ExecOptions; readonly terminal: Terminal },
): Promise<never> {
  const [command, ...args] = rest[0] === '--' ? rest.slice(1) : rest; // behind a name the parser leaves it
  if (command?.startsWith('-'))
    throw new UsageError(
      `${command} is no command`,
      'Options of exec stand before the name: exec --refresh NAME -- COMMAND',
    );
  if (command === undefined) throw new UsageError('exec needs a command: axios-authorizer exec NAME -- COMMAND');
  assertVariable(options.variable);
  const service = await findService(selection, terminal);
  const { bearer } = await bearerOf(service, terminal, options.refresh ?? false);
  const env = { ...environmentFor(service, options.variable, terminal), [options.variable]: bearer };
  const child = spawn(command, args, { stdio: 'inherit', cwd: terminal.cwd, env });
  throw new Exit(await codeOf(child, command, terminal));
}

async function codeOf(child: ChildProcess, command: string, terminal: Terminal): Promise<number> {
  const giveBack = terminal.takeSignals((name) => {
    // A terminal sends Ctrl-C to the command as well; twice it would end what the first was to end in order.
    if (name !== 'SIGINT' || !terminal.isInteractive) child.kill(name);
  });
  try {
    return await ended(child);
  } catch (error) {
    const shim = terminal.platform === 'win32' ? ' (a .cmd or .bat is run by: cmd /c NAME)' : '';
    await terminal.stderr.write(`axios-authorizer: ${command} cannot be run: ${reasonIn(error)}${shim}\n`);
    return failureCode(error) === 'ENOENT' ? NOT_FOUND : CANNOT_RUN;
  } finally {
    giveBack();
  }
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? KILLED + (signal ? constants.signals[signal] : 0)));
  });
}

function reasonIn(error: unknown): string {
  const code = failureCode(error);
  return code === 'ENOENT' ? 'it is not found' : (code ?? 'it does not start');
}
