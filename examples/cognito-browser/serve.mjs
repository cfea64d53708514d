// Serves the page, and behind it a user pool and an API on this machine that want real tokens. Nothing of it is AWS's.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { startCognitoApi, startCognitoPool } from '@axios-authorizer/test-kit';
import { build } from 'esbuild';
import { help, readOptions } from './options.mjs';

const page = join(import.meta.dirname, 'page');
const clientInfo = { clientId: 'the-page', apiKey: 'key-of-the-page' };
const TYPES = { js: 'text/javascript', css: 'text/css', html: 'text/html; charset=utf-8' };

/** Each meets something else on the way in. */
const users = [
  { username: 'ada', password: 'Difference-1', email: 'ada@example.org' },
  { username: 'grace', password: 'Compiler-2', phone: '+15550100', mfa: 'SMS_MFA' },
  { username: 'alan', password: 'Machine-3', mustChangePassword: true },
];

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return;
  }
  const pool = await startCognitoPool({ users, clients: [clientInfo], accessTokenSeconds: options.seconds });
  const api = await startCognitoApi(pool, { apiKey: clientInfo.apiKey });
  const files = await pageFiles();
  const server = createServer((request, response) => {
    answer(request, response, { pool, api, files }).catch(() => response.writeHead(502).end());
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  console.log(`Open http://127.0.0.1:${server.address().port}/`);
  process.once('SIGINT', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
}

async function pageFiles() {
  const { outputFiles } = await build({
    entryPoints: [join(page, 'app.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  const [html, css] = await Promise.all(['index.html', 'style.css'].map((name) => readFile(join(page, name))));
  return { '/': html, '/style.css': css, '/app.js': outputFiles[0].contents };
}

async function answer(request, response, { pool, api, files }) {
  const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
  const file = files[pathname];
  if (file) send(response, TYPES[pathname.split('.')[1] ?? 'html'], file);
  else if (pathname === '/setting') send(response, 'application/json', JSON.stringify(settingOf(pool)));
  else if (pathname === '/phone') send(response, 'text/plain', pool.code(searchParams.get('username') ?? ''));
  else if (pathname === '/revoke' && request.method === 'POST') send(response, 'text/plain', revoke(pool));
  else if (pathname.startsWith('/api/')) await pass(request, response, api.origin + pathname.slice('/api'.length));
  else response.writeHead(404).end();
}

function settingOf({ poolId: userPoolId, endpoint }) {
  return { userPoolId, endpoint, clientInfo, users: users.map(({ username, password }) => ({ username, password })) };
}

function revoke(pool) {
  pool.revokeAccessTokens();
  return 'revoked';
}

/** The API knows nothing of pages, so the page reaches it through this server. */
async function pass({ method, headers }, response, url) {
  const { authorization = '', 'x-api-key': apiKey = '' } = headers;
  const answered = await fetch(url, { method, headers: { authorization, 'x-api-key': apiKey } });
  response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? 'text/plain' });
  response.end(Buffer.from(await answered.arrayBuffer()));
}

function send(response, type, body) {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

try {
  await main();
} catch (error) {
  console.error(`The example could not run: ${error.message}`);
  process.exit(2);
}
