// Writes what is generated of the command line: its reference and the JSON schema of its configuration. The tests of the
// package hold both at what the commands are. Run: npm run cli:docs
import { build } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';

const folder = join(import.meta.dirname, '../packages/cli');
const bundle = join(folder, 'dist/docs.mjs'); // where its packages are found
await mkdir(join(folder, 'dist'), { recursive: true });
await build({
  entryPoints: [join(folder, 'src/reference/documents.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
});
try {
  const { documents } = await import(pathToFileURL(bundle).href);
  for (const [name, text] of Object.entries(documents()))
    await writeFile(join(folder, name), await formatted(name, text));
} finally {
  await rm(bundle);
}

/** As `npm run lint` wants it. */
function formatted(name, text) {
  return format(text, { filepath: name, printWidth: 120, singleQuote: true });
}
