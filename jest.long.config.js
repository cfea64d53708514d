import { globalSetup, longProjects, reporters, workerIdleMemoryLimit } from './jest.config.js';

// What takes long, apart from what a change is tried with all day.
export default {
  projects: longProjects,
  globalSetup,
  maxWorkers: '100%',
  workerIdleMemoryLimit,
  testTimeout: 120_000,
  reporters,
};
