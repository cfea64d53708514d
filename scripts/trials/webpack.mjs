import { createRequire } from 'node:module';
import { join } from 'node:path';

const webpack = createRequire(join(process.cwd(), 'package.json'))('webpack');
const config = {
  mode: 'production',
  target: 'web',
  context: process.cwd(),
  entry: './app.mjs',
  output: { path: join(process.cwd(), 'out'), filename: 'webpack.mjs' },
};
webpack(config, (error, stats) => {
  if (error ?? stats.hasErrors()) {
    console.error(error ?? stats.toString('errors-only'));
    process.exitCode = 1;
  }
});
