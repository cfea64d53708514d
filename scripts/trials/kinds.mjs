// The trials: what is installed beside the packages, and the commands whose last output shows an authorised request.
const axios = { axios: '1.21.1' };
const peers = { ...axios, redis: '5.8.2', '@opentelemetry/api': '1.9.1' };
const AUTHORISED = 'authorised 200';
const IN_APP = 'authorised 200 200 function function function';

const appIn = (output) => [
  'node',
  '-e',
  `globalThis.service = JSON.parse(process.env.SERVICE); import(${JSON.stringify(output)})`,
];
const tsc = (...options) => [
  'TSC',
  '--noEmit',
  '--strict',
  '--target',
  'es2022',
  '--lib',
  'es2023,dom',
  '--types',
  'node',
  ...options,
  'types.ts',
];

/** Small enough for every run of the checks. */
export const quick = {
  'ES modules in Node': { needs: peers, shows: AUTHORISED, commands: [['node', 'main.mjs']] },
  'CommonJS in Node': { needs: peers, shows: AUTHORISED, commands: [['node', 'main.cjs']] },
  'the command': {
    needs: peers,
    shows: /^\d+\.\d+\.\d+$/m,
    commands: [['node_modules/.bin/axios-authorizer', '--version']],
  },
  'TypeScript, node16': { needs: { ...peers, '@types/node': '20.19.43' }, commands: [tsc('--module', 'node16')] },
  'TypeScript, bundler': {
    needs: { ...peers, '@types/node': '20.19.43' },
    commands: [tsc('--module', 'preserve', '--moduleResolution', 'bundler')],
  },
  Bun: {
    needs: peers,
    shows: AUTHORISED,
    commands: [['npm', 'exec', '--yes', '--package=bun@1.4.5', '--', 'bun', 'main.mjs']],
  },
  Deno: {
    needs: peers,
    shows: AUTHORISED,
    commands: [
      [
        'npm',
        'exec',
        '--yes',
        '--package=deno@2.9.6',
        '--',
        'deno',
        'run',
        '--allow-all',
        '--node-modules-dir=manual',
        'main.mjs',
      ],
    ],
  },
  esbuild: {
    needs: { ...axios, esbuild: '0.28.2' },
    shows: IN_APP,
    commands: [
      ['node_modules/.bin/esbuild', 'app.mjs', '--bundle', '--minify', '--format=esm', '--outfile=out/esbuild.mjs'],
      appIn('./out/esbuild.mjs'),
    ],
  },
  Vite: {
    needs: { ...axios, vite: '7.1.12' },
    shows: IN_APP,
    commands: [
      ['node_modules/.bin/vite', 'build', '--logLevel', 'warn', '--config', 'vite.config.mjs'],
      appIn('./out/vite/app.mjs'),
    ],
  },
  'Metro for React Native': {
    needs: { ...axios, metro: '0.82.5' },
    shows: IN_APP,
    commands: [['node', 'metro.mjs'], appIn('./out/metro.js')],
  },
};

/** What installs hundreds of megabytes, or another package manager: `npm run trials`, every night. */
export const nightly = {
  webpack: {
    needs: { ...axios, webpack: '5.113.0' },
    shows: IN_APP,
    commands: [['node', 'webpack.mjs'], appIn('./out/webpack.mjs')],
  },
  'Next.js': {
    needs: { ...axios, next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1' },
    shows: 'authorised 200 function',
    alone: true,
    commands: [
      ['node_modules/.bin/next', 'build', 'next'],
      ['node', 'next.mjs'],
    ],
  },
  'pnpm, strict': {
    needs: peers,
    shows: AUTHORISED,
    manager: 'pnpm',
    commands: [
      [
        'npm',
        'exec',
        '--yes',
        '--package=pnpm@10.18.3',
        '--',
        'pnpm',
        'install',
        '--strict-peer-dependencies',
        '--ignore-scripts',
      ],
      ['node', 'main.mjs'],
      ['node', 'main.cjs'],
    ],
  },
  'Yarn, Plug’n’Play': {
    needs: peers,
    shows: AUTHORISED,
    manager: 'yarn',
    commands: [
      ['npm', 'exec', '--yes', '--package=@yarnpkg/cli-dist@4.18.1', '--', 'yarn', 'install'],
      ['npm', 'exec', '--yes', '--package=@yarnpkg/cli-dist@4.18.1', '--', 'yarn', 'node', 'main.mjs'],
      ['npm', 'exec', '--yes', '--package=@yarnpkg/cli-dist@4.18.1', '--', 'yarn', 'node', 'main.cjs'],
    ],
  },
};
