// Which configuration file counts: the one that is named, or the one in the working folder. Never one further up: a
// configuration is code, and nobody expects that of a folder's parents.
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

const CONFIG_NAMES: readonly string[] = ['ts', 'mjs', 'json'].map((end) => `axios-authorizer.config.${end}`);

/**
 * The path of the configuration; undefined when there is none.
 * @param named what `--config` says
 * @throws UsageError when the named one is not there, or there are two
 */
export async function findConfig(terminal: Terminal, named: string | undefined): Promise<string | undefined> {
  if (named !== undefined) {
    const path = isAbsolute(named) ? named : join(terminal.cwd, named);
    if (await isFile(path)) return path;
    throw new UsageError(`There is no configuration ${named}`);
  }
  const paths = CONFIG_NAMES.map((name) => join(terminal.cwd, name));
  const [first, second] = await filesAmong(paths);
  if (second !== undefined)
    throw new UsageError(`There are two configurations here: ${first} and ${second}`, 'Name one with --config.');
  return first;
}

async function filesAmong(paths: readonly string[]): Promise<readonly string[]> {
  const are = await Promise.all(paths.map(isFile));
  return paths.filter((_, index) => are[index]);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
