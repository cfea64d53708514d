import { globalSetup, reporters, shared } from './jest.config.js';

// What users install: these projects load the builds, never the sources, so `npm run build` goes first.
const onBuilds = (displayName, files) => ({
  ...shared,
  displayName,
  rootDir: '.',
  testMatch: [`<rootDir>/packages/*/${files}`],
});

// Those that want Bun and Deno on the PATH: npm run test:runtimes brings them.
const runtimes = '\\.runtimes\\.test\\.ts$';

export default {
  projects: [
    { ...onBuilds('dist', 'e2e/**/*.test.ts'), testPathIgnorePatterns: ['/node_modules/', runtimes] },
    onBuilds('runtimes', 'e2e/**/*.runtimes.test.ts'),
    onBuilds('browser', 'browser/**/*.test.ts'),
  ],
  globalSetup,
  testTimeout: 120_000,
  reporters,
};
