// Reads a configuration: JSON as data, JavaScript and TypeScript as the code that they are.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { asString, recordOf } from '@axios-authorizer/core/extend';
import type { CliConfig } from '../services/types.js';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { checkConfig } from './check-config.js';
import { findConfig } from './find-config.js';
import { assertOwn } from './ownership.js';

export interface LoadedConfig {
  readonly path: string;
  readonly config: CliConfig;
}

/** The configuration, found and checked, and said on stderr; undefined when there is none. @throws UsageError */
export async function loadConfig(terminal: Terminal, named: string | undefined): Promise<LoadedConfig | undefined> {
  const path = await findConfig(terminal, named);
  if (path === undefined) return undefined;
  await terminal.stderr.write(`axios-authorizer: configuration ${path}\n`);
  const config = checkConfig(await contentOf(path, terminal), path);
  if (runsCommands(config)) await assertOwn(path, 'A command', terminal);
  return { path, config };
}

async function contentOf(path: string, terminal: Terminal): Promise<unknown> {
  if (extname(path) === '.json') return parsed(await readFile(path, 'utf8'), path);
  await assertOwn(path, 'The configuration', terminal);
  try {
    return extname(path) === '.mjs' ? await importOf(path) : await importTypeScript(path, terminal);
  } catch (error) {
    const said = asString(recordOf(error)['message']) ?? String(error);
    throw new UsageError(`${path} cannot be loaded: ${said}`, undefined, error);
  }
}

async function importOf(path: string): Promise<unknown> {
  return recordOf(await import(pathToFileURL(path).href))['default'];
}

/** Its `@axios-authorizer/cli` is this one, so that a configuration works where nothing is installed beside it. */
async function importTypeScript(path: string, { ownModule }: Terminal): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(path, { alias: { '@axios-authorizer/cli': ownModule }, fsCache: false });
  return jiti.import(path, { default: true });
}

/** What a parser says of JSON may repeat a piece of it. */
function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UsageError(
      `${path} is no JSON`,
      'JSON has no comments, and no comma after the last member; a configuration that ends in .mjs or .ts may have both.',
    );
  }
}

function runsCommands({ services, storeKey }: CliConfig): boolean {
  const texts: readonly unknown[] = [
    storeKey,
    ...Object.values(services).flatMap((one) => Object.values(recordOf(one))),
  ];
  return texts.some((text) => typeof text === 'string' && /^(?:command|keyring):/.test(text));
}
