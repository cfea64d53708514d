// Flat, since mutation testing finds no tests behind Jest's `projects`: of core the tests that ask one module at a time.
import config, { globalSetup } from './jest.config.js';

const { displayName: _, ...core } = config.projects.find((project) => project.displayName === 'core');
const testMatch = [
  '<rootDir>/test/units/**/*.test.ts',
  '<rootDir>/test/lifecycle/{default-windows,three-ages}.test.ts',
];

export default { ...core, testMatch, globalSetup, testTimeout: config.testTimeout };
