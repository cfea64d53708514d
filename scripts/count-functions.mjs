// How much of core runs for one request: counts the functions that were called, and their files, by the precise coverage of
// V8. Run after a build: npm run count:functions. Prints a table; proves nothing, since a small number is no promise.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { SourceMap } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { attachAuth, Authorizer, clientCredentialsSource, clientSecretPost } from '@axios-authorizer/core';

const built = fileURLToPath(new URL('shared.js', import.meta.resolve('@axios-authorizer/core'))); // the code of all entries
const map = new SourceMap(JSON.parse(readFileSync(`${built}.map`, 'utf8')));
const lineStarts = [0];
for (const { index } of readFileSync(built, 'utf8').matchAll(/\n/g)) lineStarts.push(index + 1);

/** The functions of core that `work` calls, by name and file. */
async function called(work) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await session.post('Profiler.takePreciseCoverage'); // what ran before does not count
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const script = result.find(({ url }) => url.startsWith('file:') && fileURLToPath(url) === built);
  return (script?.functions ?? [])
    .filter(({ ranges: [whole] }) => whole.count > 0 && whole.startOffset > 0)
    .map(({ functionName, ranges: [whole] }) => ({
      name: functionName || '(anonymous)',
      file: fileOf(whole.startOffset),
    }));
}

function fileOf(offset) {
  const line = lineStarts.findLastIndex((start) => start <= offset);
  const { originalSource = '?' } = map.findEntry(line, offset - lineStarts[line]);
  const at = originalSource.indexOf('/src/');
  return at < 0 ? basename(originalSource) : originalSource.slice(at + '/src/'.length);
}

async function serve(answer) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { status = 200, body = {} } = answer(request);
      response.writeHead(status, {
        'content-type': 'application/json',
        'www-authenticate': 'Bearer error="invalid_token"',
      });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${server.address().port}`;
}

let issued = 0;
let rejected;
const idp = await serve(() => ({
  body: { access_token: `token-${(issued += 1)}`, token_type: 'Bearer', expires_in: 3600 },
}));
const api = await serve(({ headers }) => (headers.authorization === `Bearer ${rejected}` ? { status: 401 } : {}));

function world() {
  const clientAuth = clientSecretPost({ clientId: 'a-client', clientSecret: 'a-secret-of-its-own' });
  const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl: `${idp}/token`, clientAuth }));
  const client = axios.create({ baseURL: api });
  attachAuth(client, authorizer);
  return { authorizer, client };
}

const rounds = [
  [
    'getToken() with nothing held, to the token endpoint and back',
    ({ authorizer }) =>
      () =>
        authorizer.getToken(),
  ],
  [
    'GET with a live token',
    async ({ authorizer, client }) => {
      await authorizer.getToken();
      await client.get('/');
      return () => client.get('/');
    },
  ],
  [
    'GET whose 401 is retried with a new token',
    async ({ authorizer, client }) => {
      await client.get('/');
      rejected = (await authorizer.getToken()).accessToken;
      return () => client.get('/');
    },
  ],
];

const show = process.argv.includes('--names');
const worlds = []; // held, so that nothing of an earlier one is collected, and counted, in a later round
for (const [what, prepare] of rounds) {
  worlds.push(world());
  const found = await called(await prepare(worlds.at(-1)));
  console.log(`${what}: ${found.length} functions in ${new Set(found.map(({ file }) => file)).size} files`);
  if (show) for (const { name, file } of found) console.log(`  ${file}: ${name}`);
}
