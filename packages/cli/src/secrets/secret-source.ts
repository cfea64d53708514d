// Where a secret is read from. The text of a source names a place, so it may stand in a file, an argument or a message; what is
// found there may not.
import { execFile } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { recordOf } from '@axios-authorizer/core/extend';
import { UsageError } from '../terminal/failure.js';
import { promptsFor } from '../terminal/prompts.js';
import type { Terminal } from '../terminal/terminal.js';
import { readKeyring } from './keyring.js';
import { readSecretFile } from './secret-file.js';

/** A source, taken apart. */
export interface SecretPlace {
  readonly by: 'env' | 'file' | 'command' | 'keyring' | 'prompt';
  /** What follows the first colon; empty for a prompt. */
  readonly at: string;
}

export interface SecretQuestion {
  /** What it is, such as "the client's secret"; for messages and the prompt. */
  readonly what: string;
  /** What to give in place of an answer, such as "--client-secret-from env:NAME". */
  readonly instead: string;
  /** The folder that a relative path counts from. Default: the working folder. */
  readonly folder?: string;
}

const FORM = /^(?:(env|file|command|keyring):(.+)|prompt)$/s;
const COMMAND_LIMIT_MS = 60_000;

/** @throws UsageError for anything else, without repeating it: it may be the secret itself */
export function secretPlace(text: unknown, where: string): SecretPlace {
  const found = typeof text === 'string' ? FORM.exec(text) : null;
  if (found === null)
    throw new UsageError(
      `${where} says where the secret is, and is not the secret: env:NAME, file:PATH, command:LINE, keyring:HELPER:ENTRY or prompt`,
    );
  const [, by = 'prompt', at = ''] = found;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of the names in FORM
  return { by: by as SecretPlace['by'], at };
}

/** Reads it now; from then on no message shows it. @throws UsageError when there is none, or nobody to ask */
export async function readSecret(place: SecretPlace, question: SecretQuestion, terminal: Terminal): Promise<string> {
  const text = await READERS[place.by](place.at, question, terminal);
  if (text === '') throw new UsageError(`${sentence(question.what)} is empty (${shown(place)})`, question.instead);
  terminal.secrets.add(text);
  return text;
}

type Reader = (at: string, question: SecretQuestion, terminal: Terminal) => Promise<string>;

const READERS: Readonly<Record<SecretPlace['by'], Reader>> = {
  env: async (name, { what, instead }, { env }) => {
    const text = env[name];
    if (text === undefined) throw new UsageError(`${sentence(what)} is missing: ${name} is not set`, instead);
    return text;
  },
  file: async (path, { folder }, terminal) => {
    const file = isAbsolute(path) ? path : join(folder ?? terminal.cwd, path);
    return withoutLineEnd(await readSecretFile(file, terminal));
  },
  command: async (line, { what, folder }, terminal) =>
    firstLine(await outputOf(line, { what, cwd: folder ?? terminal.cwd }, terminal)),
  keyring: (at, { what }, terminal) => readKeyring(at, what, terminal),
  prompt: (_at, { what, instead }, terminal) =>
    promptsFor(terminal, sentence(what), instead).secret(`${sentence(what)}:`),
};

/** The shell takes the line apart: that is its work, and what the user expects of a line. */
async function outputOf(
  line: string,
  { what, cwd }: { readonly what: string; readonly cwd: string },
  { env, interrupted }: Terminal,
): Promise<string> {
  try {
    const options = {
      cwd,
      env: { ...env },
      shell: true,
      timeout: COMMAND_LIMIT_MS,
      signal: interrupted,
      maxBuffer: 1 << 20,
    };
    const running = promisify(execFile)(line, options);
    running.child.stdin?.end(); // nobody types into it
    return (await running).stdout;
  } catch (error) {
    const { code, killed } = recordOf(error);
    const how = killed === true ? `did not end within ${COMMAND_LIMIT_MS / 1000} s` : `ended with ${String(code)}`;
    throw new UsageError(`The command for ${what} ${how}`, 'Run it by itself to see why.');
  }
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? '';
}

/** Editors end a file with a line end, which is no part of the secret. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** The place, for messages; a command's line is nobody's business. */
function shown({ by, at }: SecretPlace): string {
  return by === 'command' || by === 'prompt' ? by : `${by}:${at}`;
}

/** As the beginning of a sentence. */
function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
