// A process that replaces a key is killed at any moment: is there always a whole key? It runs the built package, as users do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { generateEcKeyPair, loadKeys } from '@axios-authorizer/smart-backend';
import { inFolder } from '@axios-authorizer/test-kit';
import type { KeyFilesOptions } from '@axios-authorizer/smart-backend';
import type { ChildProcess } from 'node:child_process';

const kills = 15;
/** Each kill starts a process, which takes its time on a busy machine. */
const patienceMs = 120_000;
const packageFolder = join(__dirname, '..');

/** Replaces the key of kid `a` for ever, and says each time that it did. */
const program = `
  import { generateEcKeyPair } from '@axios-authorizer/smart-backend';
  const [folder, options] = process.argv.slice(1);
  for (;;) {
    await generateEcKeyPair(folder, { kid: 'a', overwrite: true, ...JSON.parse(options) });
    process.stdout.write('.');
  }`;

function startWriter(folder: string, options: KeyFilesOptions): ChildProcess {
  const args = ['--input-type=module', '-e', program, folder, JSON.stringify(options)];
  return spawn(process.execPath, args, { cwd: packageFolder, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

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
  (_what, name, options) => {
    const { passphrase } = options;
    return inFolder(async (place) => {
      const folder = join(place, 'keys');
      const seen = new Set([(await generateEcKeyPair(folder, { kid: 'a', ...options })).publicKeyPem]);
      for (let kill = 0; kill < kills; kill += 1) {
        await killed(startWriter(folder, options));
        const [key, ...more] = await loadKeys(folder, { passphrase });
        expect([key?.kid, key?.alg, more]).toEqual(['a', 'ES384', []]);
        seen.add(String(key?.publicKeyPem));
      }
      expect(seen.size).toBe(kills + 1);
      expect((await readdir(folder)).filter((file) => /^[^.]/.test(file))).toEqual([name]);
      const left = await Promise.all((await readdir(folder)).map((file) => modeOf(join(folder, file))));
      expect(new Set(left)).toEqual(new Set([0o600]));
    });
  },
  patienceMs,
);
