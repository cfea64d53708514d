// The keyring of the system, by the helpers that docker has for it (github.com/docker/docker-credential-helpers): a program
// named docker-credential-HELPER that speaks JSON over its input and output, so that no secret is ever an argument.
import { spawn } from 'node:child_process';
import { asString, parseObject } from '@axios-authorizer/core/extend';
import { CliError, UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

const HELPER = /^[a-z0-9][a-z0-9-]{0,40}$/;
/** Every helper says it in these words (credentials.ErrCredentialsNotFound). */
const NOT_FOUND = /credentials not found/i;

/** @param at `HELPER:ENTRY`, such as `secretservice:https://auth.example.org` */
export async function readKeyring(at: string, what: string, terminal: Terminal): Promise<string> {
  const { helper, entry } = placeOf(at);
  const secret = await findInKeyring(at, terminal);
  if (secret !== undefined) return secret;
  throw new UsageError(
    `The keyring has no entry ${JSON.stringify(entry)} for ${what}`,
    `Store it with: docker-credential-${helper} store`,
  );
}

/** The secret of an entry; undefined when there is none. @throws CliError when the helper does not work */
export async function findInKeyring(at: string, terminal: Terminal): Promise<string | undefined> {
  const { helper, entry } = placeOf(at);
  const { output, code } = await ask({ helper, action: 'get', input: entry }, terminal);
  if (code !== 0 && NOT_FOUND.test(output)) return undefined;
  if (code !== 0) throw failed(helper, `ended with ${code}`);
  const secret = secretIn(output);
  if (secret === undefined) throw failed(helper, 'answered with something else than a secret');
  return secret;
}

/** Keeps a secret under an entry. */
export async function storeInKeyring(at: string, secret: string, terminal: Terminal): Promise<void> {
  const { helper, entry } = placeOf(at);
  const content = JSON.stringify({ ServerURL: entry, Username: 'axios-authorizer', Secret: secret });
  const { code } = await ask({ helper, action: 'store', input: content }, terminal);
  if (code !== 0) throw failed(helper, `ended with ${code}`);
}

function placeOf(at: string): { readonly helper: string; readonly entry: string } {
  const colon = at.indexOf(':');
  const [helper, entry] = [at.slice(0, colon), at.slice(colon + 1)];
  if (colon < 0 || !HELPER.test(helper) || entry === '')
    throw new UsageError(
      'A keyring is named as keyring:HELPER:ENTRY, such as keyring:secretservice:https://auth.example.org',
      'Helpers are programs named docker-credential-HELPER: secretservice, pass, osxkeychain, wincred.',
    );
  return { helper, entry };
}

function secretIn(output: string): string | undefined {
  const { Secret } = parseObject(output) ?? {};
  return asString(Secret);
}

interface Question {
  readonly helper: string;
  readonly action: 'get' | 'store';
  readonly input: string;
}

interface Said {
  readonly output: string;
  readonly code: number | null;
}

function ask({ helper, action, input }: Question, terminal: Terminal): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(`docker-credential-${helper}`, [action], {
      env: { ...terminal.env },
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: terminal.interrupted,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdin.on('error', () => undefined).end(input);
    child.once('error', (error) => reject(failed(helper, 'cannot be started', error)));
    child.once('close', (code) => resolve({ output, code }));
  });
}

function failed(helper: string, how: string, cause?: unknown): CliError {
  return new CliError(`docker-credential-${helper} ${how}`, {
    kind: 'configuration',
    advice: 'Install it (github.com/docker/docker-credential-helpers), or unlock the keyring.',
    cause,
  });
}
