import { existsSync, readdirSync } from 'node:fs';

// Jest's own loader has require(esm) only on Node >= 24.9 with --experimental-vm-modules, so the few ESM-only
// packages that tests load are compiled to CommonJS like our own sources.
const esmOnly = ['jose'];
const swc = ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' }];

/** Settings every project shares. */
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': swc,
    [`/node_modules/(?:${esmOnly.join('|')})/.+\\.js$`]: swc,
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esmOnly.join('|')})/)`],
  clearMocks: true,
};

// Tests run on sources, no build needed; sources import './x.js' as NodeNext asks.
const sources = {
  '^@axios-authorizer/core/node$': '<rootDir>/../core/src/node/index.ts',
  '^@axios-authorizer/([^/]+)$': '<rootDir>/../$1/src/index.ts',
  '^(\\.{1,2}/.*)\\.js$': '$1',
};

const packages = readdirSync(new URL('packages', import.meta.url));
const withFloor = packages.filter((name) => existsSync(new URL(`packages/${name}/test/wire`, import.meta.url)));

export default {
  projects: [
    ...packages.map((name) => ({
      ...shared,
      displayName: name,
      rootDir: `packages/${name}`,
      moduleNameMapper: sources,
      testMatch: ['<rootDir>/test/**/*.test.ts'],
    })),
    // What goes over the wire is proven on the oldest axios that is supported as well.
    ...withFloor.map((name) => ({
      ...shared,
      displayName: `${name} on axios 1.18.0`,
      rootDir: `packages/${name}`,
      moduleNameMapper: { ...sources, '^axios$': '<rootDir>/../../node_modules/axios-floor' },
      testMatch: ['<rootDir>/test/wire/**/*.test.ts'],
    })),
  ],
  collectCoverageFrom: ['packages/*/src/**/*.ts', '!**/index.ts'],
  coverageProvider: 'v8',
  reporters: ['default', '<rootDir>/scripts/summary-reporter.cjs'],
};
