// Metro alone, with the conditions that React Native asks for; its preset compiles classes further, Node need not.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const Metro = createRequire(join(process.cwd(), 'package.json'))('metro');
const config = await Metro.loadConfig(
  { cwd: process.cwd(), config: undefined },
  {
    projectRoot: process.cwd(),
    resolver: {
      sourceExts: ['mjs', 'js', 'cjs', 'json'],
      unstable_enablePackageExports: true,
      unstable_conditionNames: ['react-native', 'require'],
    },
    transformer: {
      getTransformOptions: () =>
        Promise.resolve({ transform: { experimentalImportSupport: true, inlineRequires: false } }),
    },
    reporter: { update: () => {} },
  },
);
await Metro.runBuild(config, { entry: 'app.mjs', out: 'out/metro.js', platform: 'ios', dev: false, minify: false });
