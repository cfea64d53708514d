// A process that replaces a key is killed at any moment: is there always a whole key?
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { generateEcKeyPair, loadKeys } from '../../src/index.js';
import { fileWith, modeOf, temporaryFolder } from './folder.js';
import type { KeyFilesOptions } from '../../src/index.js';
import type { ChildProcess } from 'node:child_process';

const kills = 15;
/** Each kill starts a process, which takes its time on a busy machine. */
const patienceMs = 120_000;
const packageFolder = join(__dirname, '../..');

/** Replaces the key of kid `a` for ever, and says each time that it did. */
const program = `
  import { generateEcKeyPair } from './src/index.js';
  const [folder, options] = process.argv.slice(2);
  for (;;) {
    await generateEcKeyPair(folder, { kid: 'a', overwrite: true, ...JSON.parse(options) });
    process.stdout.write('.');
  }`;

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: packageFolder, loader: 'ts' },
    alias: { '@axios-authorizer/core': join(packageFolder, '../core/src/index.ts') },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

let script = '';
beforeAll(async () => {
  script = await bundled();
});

/** Kills the writer at no particular moment of one of its writes. */
async function killed(writer: ChildProcess): Promise<void> {
  const ended = once(writer, 'exit');
  if (writer.stdout) await Promise.race([once(writer.stdout, 'data'), ended]);
  for (let turns = Math.random() * 500; turns > 0; turns -= 1) await turn();
  writer.kill('SIGKILL');
  const [, signal] = (await ended) as [unknown, unknown];
  expect(signal).toBe('SIGKILL');
}

it.each<readonly [what: string, name: string, options: KeyFilesOptions]>([
  ['a JWK', 'a.json', { format: 'jwk' }],
  ['an encrypted PEM', 'a.pem', { passphrase: 'correct horse' }],
])(
  'whenever a writer of %s is killed, the old pair or the new one is there, whole (S4)',
  async (...row) => {
    const [, name, options] = row;
    const folder = join(await temporaryFolder(), 'keys');
    const writer = await fileWith(script, 'writer.mjs');
    const seen = new Set([(await generateEcKeyPair(folder, { kid: 'a', ...options })).publicKeyPem]);
    for (let kill = 0; kill < kills; kill += 1) {
      await killed(
        spawn(process.execPath, [writer, folder, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 2] }),
      );
      const [key, ...more] = await loadKeys(folder, options);
      expect([key?.kid, key?.alg, more]).toEqual(['a', 'ES384', []]);
      seen.add(String(key?.publicKeyPem));
    }
    expect(seen.size).toBe(kills + 1);
    expect((await readdir(folder)).filter((file) => /^[^.]/.test(file))).toEqual([name]);
    const left = await Promise.all((await readdir(folder)).map((file) => modeOf(join(folder, file))));
    expect(new Set(left)).toEqual(new Set(['600']));
  },
  patienceMs,
);
