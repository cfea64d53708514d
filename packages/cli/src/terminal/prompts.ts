// Asks a person, but only where there is one. Prompts stand on stderr: stdout belongs to what was asked for.
import type * as Inquirer from '@inquirer/prompts';
import { Interrupted, UsageError } from './failure.js';
import type { Asking, Choice, Prompts, Terminal } from './terminal.js';

/** The prompts of @inquirer/prompts, loaded when the first one is asked. */
export function inquirerPrompts(interrupted: AbortSignal, asking: Asking): Prompts {
  const context = { input: process.stdin, output: process.stderr, signal: interrupted };
  const ask = <T>(question: (prompts: typeof Inquirer) => Promise<T>): Promise<T> =>
    whileAsking(asking, () => asked(interrupted, question));
  return {
    secret: (message) => ask(async ({ password }) => password({ message, mask: false }, context)),
    text: (message, initial) =>
      ask(async ({ input }) => input({ message, ...(initial !== undefined && { default: initial }) }, context)),
    confirm: (message, initial) => ask(async ({ confirm }) => confirm({ message, default: initial }, context)),
    choose: (message, choices) => ask(async ({ select }) => select({ message, choices: named(choices) }, context)),
  };
}

/** Asks, and nobody else writes meanwhile. */
export async function whileAsking<T>(asking: Asking, ask: () => Promise<T>): Promise<T> {
  asking.isOpen = true;
  try {
    await asking.onOpen?.();
    return await ask();
  } finally {
    asking.isOpen = false;
  }
}

function named(choices: readonly Choice[]): { value: string; name: string }[] {
  return choices.map(({ value, name = value }) => ({ value, name }));
}

async function asked<T>(interrupted: AbortSignal, ask: (prompts: typeof Inquirer) => Promise<T>): Promise<T> {
  try {
    return await ask(await import('@inquirer/prompts'));
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'ExitPromptError' || name === 'AbortPromptError')
      throw interrupted.reason instanceof Interrupted ? interrupted.reason : new Interrupted();
    throw error;
  }
}

/**
 * The prompts, where a person is there to answer them.
 * @param what is missing, such as "The client secret"
 * @param instead what to give in place of an answer: the option or variable
 * @throws UsageError without a terminal: a script would wait for ever
 */
export function promptsFor(terminal: Terminal, what: string, instead: string): Prompts {
  if (terminal.isInteractive) return terminal.prompts;
  throw new UsageError(`${what} is missing, and there is no terminal to ask for it`, instead);
}
