// Writes what is generated of the command line: its reference and the JSON schema of its configuration. The tests of the
// package hold both at what the commands are. Run: npm run cli:docs
import { build } from 'esbuild';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';

const folder = join(import.meta.dirname, '../packages/cli');
const bundles = join(folder, 'dist/docs'); // where its packages are found
await build({
  entryPoints: [join(folder, 'src/reference/documents.ts')],
  outdir: bundles,
  bundle: true,
  splitting: true, // what commands load when they are run is not loaded here, and need not be built
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  platform: 'node',
  packages: 'external',
});
try {
  const { documents } = await import(pathToFileURL(join(bundles, 'documents.mjs')).href);
  for (const [name, text] of Object.entries(documents()))
    await writeFile(join(folder, name), await formatted(name, text));
} finally {
  await rm(bundles, { recursive: true });
}

/** As `npm run lint` wants it. */
function formatted(name, text) {
  return format(text, { filepath: name, printWidth: 120, singleQuote: true });
}
