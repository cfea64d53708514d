import { globalSetup, reporters, shared } from './jest.config.js';

// What users install: these projects load the builds, never the sources, so `npm run build` goes first.
const onBuilds = (displayName, folder) => ({
  ...shared,
  displayName,
  rootDir: '.',
  testMatch: [`<rootDir>/packages/*/${folder}/**/*.test.ts`],
});

export default {
  projects: [onBuilds('dist', 'e2e'), onBuilds('browser', 'browser')],
  globalSetup,
  testTimeout: 60_000,
  reporters,
};
