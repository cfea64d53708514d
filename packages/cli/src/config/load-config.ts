// Reads a configuration: JSON as data, JavaScript and TypeScript as the code that they are.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { asString, recordOf } from '@axios-authorizer/core/extend';
import type { CliConfig } from '../services/types.js';
import { UsageError } from '../terminal/failure.js';
import { withProgress } from '../terminal/progress.js';
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
    const loading = extname(path) === '.mjs' ? importOf(path) : importTypeScript(path, terminal);
    return await withProgress(terminal, `loading ${path}`, () => withinLimit(loading, terminal));
  } catch (error) {
    const said = asString(recordOf(error)['message']) ?? String(error);
    throw new UsageError(`${path} cannot be loaded: ${said}`, undefined, error);
  }
}

/** A wait without end in a configuration would end the process without a word: nothing is left that could wake it. */
async function withinLimit<T>(loading: Promise<T>, { clock, interrupted }: Terminal): Promise<T> {
  const loaded = new AbortController();
  const late = clock.sleep(LIMIT_MS, AbortSignal.any([loaded.signal, interrupted])).then(() => {
    throw new Error(`its code has not ended within ${LIMIT_MS / 1000} s; is there an \`await\` of what never comes?`);
  });
  late.catch(() => undefined); // it ends with the loading
  return Promise.race([loading, late]).finally(() => loaded.abort());
}

const LIMIT_MS = 10_000;

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
