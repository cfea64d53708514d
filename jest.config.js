import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// Jest's own loader has require(esm) only on Node >= 24.9 with --experimental-vm-modules, so the few ESM-only
// packages that tests load are compiled to CommonJS like our own sources.
const esmOnly = ['jose'];
const swc = ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' }];
const folder = join(import.meta.dirname, 'packages');

/** Settings every project shares. */
export const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': swc,
    [`/node_modules/(?:${esmOnly.join('|')})/.+\\.js$`]: swc,
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esmOnly.join('|')})/)`],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' }, // sources import './x.js' as NodeNext asks
  clearMocks: true,
};

export const globalSetup = join(import.meta.dirname, 'scripts/make-test-keys.mjs');
export const reporters = ['default', '<rootDir>/scripts/summary-reporter.cjs'];

// Tests run on sources, no build needed.
const sources = {
  '^@axios-authorizer/(core|testing)/extend$': join(folder, '$1/src/extend.ts'),
  '^@axios-authorizer/core/(browser|dpop|fetch|node|opentelemetry)$': join(folder, 'core/src/$1/index.ts'),
  '^@axios-authorizer/cognito/node$': join(folder, 'cognito/src/node/index.ts'),
  '^@axios-authorizer/([^/]+)$': join(folder, '$1/src/index.ts'),
  ...shared.moduleNameMapper,
};

/**
 * A worker that has run a hundred files holds a gigabyte, and a busy machine takes more than the half second that Jest grants to
 * free it: a worker that has ended then counts as one that was held up. So it is replaced before.
 */
export const workerIdleMemoryLimit = '300MB';

const packages = readdirSync(folder);
// What takes long: npm run test:long.
const long = '\\.long\\.test\\.ts$';

/** The tests of one package, on its sources. */
const onSources = (name) => ({
  ...shared,
  displayName: name,
  rootDir: `packages/${name}`,
  moduleNameMapper: sources,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', long],
});
const withFloor = packages.filter((name) => existsSync(join(folder, name, 'test/wire')));
export const longProjects = [
  ...packages.map((name) => ({
    ...onSources(name),
    testMatch: ['<rootDir>/test/**/*.long.test.ts'],
    testPathIgnorePatterns: ['/node_modules/'],
  })),
  // What goes over the wire, and what its answers show, is proven on the oldest axios that is supported as well.
  ...withFloor.map((name) => ({
    ...onSources(name),
    displayName: `${name} on axios 1.18.0`,
    moduleNameMapper: { ...sources, '^axios$': '<rootDir>/../../node_modules/axios-floor' },
    testMatch: ['<rootDir>/test/{wire,secrets}/**/*.test.ts'],
  })),
];

export default {
  projects: packages.map(onSources),
  collectCoverageFrom: ['packages/*/src/**/*.ts', '!**/index.ts'],
  coverageProvider: 'v8',
  coverageThreshold: { global: { statements: 90, branches: 85 } },
  globalSetup,
  maxWorkers: '100%', // by default Jest leaves a core idle: on two cores that is half of them
  workerIdleMemoryLimit,
  testTimeout: 120_000, // nothing here asserts on elapsed time; a busy machine, or one whose disk is, is no failure
  reporters,
};
