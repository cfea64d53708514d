import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const URLS =
  "const [API_URL, TOKEN_URL, POOL] = ['https://api.example', 'https://auth.example/token', 'eu-west-1_AbCdEfGhI'];";

export const bundle = {
  name: 'bundle',
  title: 'What it adds to a bundle',
  about: () =>
    'A small program of a user, by esbuild for browsers (for Node, where it runs in Node alone), minified; axios alone is not counted. The programs are in the adapters.',
  size: { full: {}, smoke: {} },
  columns: ['KiB, gzip', 'KiB, minified', 'for'],
  appliesTo: () => true,
  onePerPackage: true,
  async run(client) {
    const result = await build({
      stdin: { contents: `${client.bundle}\n${URLS}`, resolveDir: HERE, loader: 'js' },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      platform: client.isNodeOnly ? 'node' : 'browser',
      external: ['axios'],
      logLevel: 'silent',
    });
    const [{ contents }] = result.outputFiles;
    const platform = client.isNodeOnly ? 'Node' : 'browsers';
    return { platform, min: contents.length / 1024, gzip: gzipSync(contents, { level: 9 }).length / 1024 };
  },
  cells: ({ min, gzip, platform }) => [{ text: gzip.toFixed(1) }, { text: min.toFixed(1) }, { text: platform }],
  chart: {
    title: 'KiB in a bundle, minified and gzipped, axios not counted (less is better)',
    value: ({ gzip }) => gzip,
    digits: 1,
  },
  better: {
    value: ({ gzip }) => gzip,
    tolerance: 0.1,
    why: {
      'axios-auth-refresh': 'they retry, and leave the token, its request, its storage and its expiry to the caller.',
      'axios-auth-refresh-queue':
        'they retry, and leave the token, its request, its storage and its expiry to the caller.',
      'axios-token-interceptor': 'it caches a value, and leaves the rest to the caller.',
      'axios-jwt': 'it reads the expiry from the token, and leaves the token request to the caller.',
      '@badgateway/oauth2-client': 'it has neither an allow list nor redaction, cool-down or stores.',
      'openid-client + interceptor by hand': 'it is the protocol alone; the interceptor is the caller’s.',
      '@azure/core-rest-pipeline':
        'the pipeline alone, HTTP client included; @azure/identity, where its tokens come from, is not counted.',
      'amazon-cognito-identity-js':
        'it has SRP and a session, and neither an allow list nor redaction, hosted UI, passkeys or stores for several processes.',
      'aws-jwt-verify': 'it verifies with what Node has; ours stands on jsonwebtoken and jwks-rsa.',
    },
  },
};
