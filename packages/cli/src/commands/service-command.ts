// What the commands that work on a service have in common: `NAME` of the configuration, or a kind with its options as arguments.
import { Argument, InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { flagOf, KIND_ABOUT, KINDS, SERVICE_OPTIONS } from '../services/options.js';
import type { OptionForm, OptionSpec } from '../services/options.js';
import type { Selection } from '../services/service.js';
import type { ServiceKind } from '../services/types.js';

type Options = Readonly<Record<string, unknown>>;

export interface ServiceCommand {
  readonly name: string;
  readonly about: string;
  /** Adds the command's own options, to it and to each kind. */
  readonly options?: (command: Command) => void;
  /** `rest` is what follows the name or kind. */
  readonly act: (selection: Selection, options: Options, rest: readonly string[]) => Promise<void>;
  /** The kinds that it knows. Default: all. */
  readonly kinds?: readonly ServiceKind[];
  /** What `--timeout` bounds. Default: all that the servers are asked, all tries together, 30 s. */
  readonly timeout?: string;
  /** What follows the name, as commander writes it. Default: nothing. */
  readonly rest?: Argument;
}

const SECRET_HELP =
  '\nWHERE is env:NAME, file:PATH, command:LINE, keyring:HELPER:ENTRY or prompt. It says where the secret is, never the secret.';

/** The command with its kinds below it. */
export function serviceCommand(program: Command, spec: ServiceCommand): Command {
  const command = program.command(spec.name).description(spec.about);
  command.addArgument(new Argument('<service>', 'a service of the configuration'));
  command.option('--config <file>', 'the configuration (default: axios-authorizer.config.{ts,mjs,json} here)');
  command.addOption(timeoutOption(spec));
  spec.options?.(command);
  if (spec.rest) command.addArgument(spec.rest);
  command.action(async (name: string, ...others: readonly unknown[]) => {
    const options = command.opts<Options>();
    const selection = { name, config: textOrNothing(options['config']), timeoutMs: timeoutOf(options) };
    await spec.act(selection, options, restOf(others));
  });
  addKinds(command, spec);
  return command;
}

/** The kinds below a command, each with its options. */
export function addKinds(command: Command, spec: Omit<ServiceCommand, 'name' | 'about'>): void {
  for (const kind of spec.kinds ?? KINDS) addKind(command, kind, spec);
}

function addKind(parent: Command, kind: ServiceKind, spec: Omit<ServiceCommand, 'name' | 'about'>): void {
  const command = parent.command(kind).description(KIND_ABOUT[kind]);
  for (const [name, option] of Object.entries(SERVICE_OPTIONS[kind])) command.addOption(optionOf(name, option));
  command.option('--store-key-from <where>', 'the key that seals the stored token (default: not sealed)');
  command.addOption(timeoutOption(spec));
  spec.options?.(command);
  if (spec.rest) command.addArgument(spec.rest);
  command.addHelpText('after', SECRET_HELP);
  command.action(async (...others: readonly unknown[]) => {
    const options = command.opts<Options>();
    const storeKey = textOrNothing(options['storeKeyFrom']);
    const selection = { name: kind, given: givenOf(kind, options), storeKey, timeoutMs: timeoutOf(options) };
    await spec.act(selection, options, restOf(others));
  });
}

const TIMEOUT_ABOUT = 'how long the servers are waited for, all tries together (default: 30)';
const LONGEST_S = 3_600;

/** `--timeout`, of every command that asks servers. */
export function timeoutOption({ timeout = TIMEOUT_ABOUT }: Pick<ServiceCommand, 'timeout'> = {}): Option {
  return new Option('--timeout <seconds>', timeout).argParser((text) => {
    const seconds = /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
    if (seconds > 0 && seconds <= LONGEST_S) return seconds;
    throw new InvalidArgumentError(`It is a number of seconds, at most ${LONGEST_S}.`);
  });
}

/** In ms; undefined where nothing is said. */
export function timeoutOf({ timeout }: { readonly timeout?: unknown }): number | undefined {
  return typeof timeout === 'number' ? timeout * 1000 : undefined;
}

const PLACEHOLDERS: Readonly<Partial<Record<Extract<OptionForm, string>, string>>> = {
  url: '<url>',
  path: '<path>',
  words: '<words>',
  pairs: '<name=value>',
  port: '<port>',
  secret: '<where>',
  text: '<text>',
};

function optionOf(name: string, spec: OptionSpec): Option {
  const { form, about, variable } = spec;
  const placeholder = typeof form === 'string' ? (PLACEHOLDERS[form] ?? '') : '<word>';
  const help = form === 'secret' ? `where ${about} is${variable ? ` (default: env:${variable})` : ''}` : about;
  const option = new Option(`${flagOf(name, spec)} ${placeholder}`.trim(), help);
  if (typeof form !== 'string') option.choices(form);
  if (form === 'pairs') option.argParser(pairs);
  if (form === 'port') option.argParser(Number);
  return option;
}

/** `--parameter` may be given several times; one name as well. */
function pairs(
  text: string,
  before: Readonly<Record<string, readonly string[]>> = {},
): Record<string, readonly string[]> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It is written name=value.');
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  return { ...before, [name]: [...(before[name] ?? []), value] };
}

/** The settings by their own names. */
function givenOf(kind: ServiceKind, options: Options): Options {
  const named = Object.entries(SERVICE_OPTIONS[kind]).map(
    ([name, spec]) => [name, options[attributeOf(name, spec)]] as const,
  );
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

/** As commander names the value of a flag. */
function attributeOf(name: string, spec: OptionSpec): string {
  return new Option(flagOf(name, spec)).attributeName();
}

/** Commander appends the options and the command. */
function restOf(others: readonly unknown[]): readonly string[] {
  return others
    .slice(0, -2)
    .flat()
    .filter((word) => typeof word === 'string');
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
