// What a browser downloads, axios aside: measured as bundlers make it and servers send it.
import { build } from 'esbuild';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const EXTERNAL = ['axios', 'axios-retry'];
const OPTIONAL = '@opentelemetry/api';
const KIB = 1024;

// The goal is 14.5 KiB for the pair; it is not reached. What stands is held, so that it does not grow.

async function bundle(contents: string): Promise<{ bytes: number; imports: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: join(__dirname, '..') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: [...EXTERNAL, OPTIONAL],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  return {
    bytes: gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length,
    imports: [...new Set(imports)].toSorted(),
  };
}

it.each([
  ['an authorizer and its attachment', "export { Authorizer, attachAuth } from '@axios-authorizer/core'", 28 * KIB],
  ['everything', "export * from '@axios-authorizer/core'", 35.5 * KIB],
])('%s: few bytes, nothing of Node', async (_what, contents, most) => {
  const { bytes, imports } = await bundle(contents);
  expect(imports).toEqual(EXTERNAL);
  expect(bytes).toBeGreaterThan(KIB);
  expect(bytes).toBeLessThanOrEqual(most);
});

it('the observer for OpenTelemetry: few bytes, none of the authorizer, nothing of Node', async () => {
  const { bytes, imports } = await bundle("export * from '@axios-authorizer/core/opentelemetry'");
  expect(imports).toEqual([OPTIONAL]);
  expect(bytes).toBeGreaterThan(KIB);
  expect(bytes).toBeLessThanOrEqual(4.5 * KIB);
});

it('the file store is not for browsers, and a bundler says so', async () => {
  const bundled = bundle("export * from '@axios-authorizer/core/node'");
  await expect(bundled).rejects.toThrow('Could not resolve "node:fs/promises"');
});
