// What signing in adds to a page that has axios and core: measured as bundlers make it and servers send it.
import { build } from 'esbuild';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KIB = 1024;
const PEERS = ['axios', '@axios-authorizer/core'];
const LIBRARIES = ['jsonwebtoken', 'jwks-rsa'];

interface Bundle {
  readonly bytes: number;
  readonly text: string;
  readonly imports: readonly string[];
}

async function bundle(contents: string, external: readonly string[]): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: join(__dirname, '..') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: [...external],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  const text = outputFiles[0]?.text ?? '';
  const bytes = gzipSync(text, { level: 9 }).length;
  return { bytes, text, imports: [...new Set(imports)].toSorted() };
}

it('everything but verifying: few bytes, nothing of Node (G6)', async () => {
  const { bytes, imports } = await bundle("export * from '@axios-authorizer/cognito'", PEERS);
  expect(imports).toEqual(['@axios-authorizer/core', '@axios-authorizer/core/extend']);
  expect(bytes).toBeGreaterThan(KIB);
  expect(bytes).toBeLessThanOrEqual(14.5 * KIB);
});

it('who signs in pays for no store of devices and no OAuth 2 (G6, G8)', async () => {
  const { bytes } = await bundle("export { SRPAuthorizer } from '@axios-authorizer/cognito'", PEERS);
  expect(bytes).toBeLessThanOrEqual(10.5 * KIB);
});

it('what is not imported falls out: SRP and the hosted UI carry nothing of each other (G6, G9)', async () => {
  const ofPerson = await bundle("export { createCognitoClient } from '@axios-authorizer/cognito'", PEERS);
  expect(ofPerson.text).toContain('PASSWORD_VERIFIER');
  expect(ofPerson.text).not.toContain('code_challenge');
  expect(ofPerson.bytes).toBeLessThanOrEqual(11.5 * KIB);
  const ofPages = await bundle("export { hostedUi } from '@axios-authorizer/cognito'", PEERS);
  expect(ofPages.text).toContain('code_challenge');
  expect(ofPages.text).not.toContain('PASSWORD_VERIFIER');
  expect(ofPages.bytes).toBeLessThanOrEqual(5 * KIB);
});

it('verifying is not for browsers, and a bundler says so', async () => {
  const bundled = bundle("export * from '@axios-authorizer/cognito/verify'", [...PEERS, ...LIBRARIES]);
  await expect(bundled).rejects.toThrow('Could not resolve "node:crypto"');
});
