// The playground of the command, and beside it the servers of the test-kit that need more than OAuth 2: a FHIR server, a user pool
// and the ITk database, each with the lines to try it. Run after a build: node scripts/playground.mjs [options of the command]
import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ecKeyPair, startCognitoApi, startCognitoPool, startItkdb, startSmartServer } from '@axios-authorizer/test-kit';

const program = join(import.meta.dirname, '../packages/cli/dist/esm/bin.js');
const LOOK_MS = 200;

async function startSmart(folder) {
  const { privateKey, publicKey } = ecKeyPair('P-384');
  const [clientId, kid] = ['playground', 'playground-key'];
  const jwk = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
  const server = await startSmartServer({ clients: [{ clientId, jwks: { keys: [{ ...jwk, kid }] } }] });
  const file = join(folder, 'key.json');
  await writeFile(file, JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid }), { mode: 0o600 });
  const args = `smart --base-url ${server.baseUrl} --client-id ${clientId} --keys ${file}`;
  const env = { FHIR_BASE_URL: server.baseUrl, CLIENT_ID: clientId, KEY_FILE: file };
  return { name: 'FHIR server (SMART Backend Services)', env, args, watched: [server], stop: () => server.stop() };
}

async function startCognito() {
  const [clientId, clientSecret] = ['playground', 'secret-of-the-app-client'];
  const [username, password] = ['ada', 'Correct-Horse-1'];
  const pool = await startCognitoPool({ clients: [{ clientId, clientSecret }], users: [{ username, password }] });
  const where = `--user-pool-id ${pool.poolId} --endpoint ${pool.endpoint}`;
  const args = `cognito ${where} --client-id ${clientId} --client-secret-from env:APP_CLIENT_SECRET --username ${username}`;
  const api = await startCognitoApi(pool, { apiKey: 'key-of-the-api' });
  const env = {
    APP_CLIENT_SECRET: clientSecret,
    AXIOS_AUTHORIZER_PASSWORD: password,
    USER_POOL_ID: pool.poolId,
    COGNITO_ENDPOINT: pool.endpoint,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    COGNITO_USERNAME: username,
    COGNITO_PASSWORD: password,
    API_URL: api.origin,
    API_KEY: 'key-of-the-api',
  };
  const stop = () => Promise.all([pool.stop(), api.stop()]);
  return { name: 'User pool (Cognito), and an API behind it', env, args, watched: [pool, api], stop };
}

async function startDatabase() {
  const itkdb = await startItkdb();
  const env = {
    ITKDB_ACCESS_CODE1: 'code-1',
    ITKDB_ACCESS_CODE2: 'code-2',
    ITKDB_AUTH_URL: itkdb.authUrl,
    ITKDB_API_URL: itkdb.apiUrl,
  };
  const args = `itkdb --auth-url ${itkdb.authUrl}`;
  return { name: 'ITk database', env, args, watched: [itkdb.login, itkdb.api], stop: () => itkdb.stop() };
}

function introduce({ name, env, args }) {
  const line =
    process.platform === 'win32' ? ([key, value]) => `$env:${key} = '${value}'` : (pair) => `export ${pair.join('=')}`;
  return [name, ...Object.entries(env).map(line), `axios-authorizer doctor ${args}`, ''].join('\n');
}

/** A line for each request since the last look. */
function watch(servers) {
  const seen = new Map(servers.map((server) => [server, 0]));
  const timer = setInterval(() => {
    for (const [server, count] of seen) {
      for (const { method, url, at } of server.requests.slice(count))
        console.log(`${new Date(at).toTimeString().slice(0, 8)} ${method} ${server.origin ?? ''}${url.split('?')[0]}`);
      seen.set(server, server.requests.length);
    }
  }, LOOK_MS);
  return () => clearInterval(timer);
}

const folder = await mkdtemp(join(tmpdir(), 'axios-authorizer-playground-'));
const started = await Promise.all([startSmart(folder), startCognito(), startDatabase()]);
console.log('In a clone the command is `npx axios-authorizer`, in this folder.\n');
for (const one of started) console.log(introduce(one));
const unwatch = watch(started.flatMap(({ watched }) => watched));
const child = spawn(process.execPath, [program, 'playground', ...process.argv.slice(2)], { stdio: 'inherit' });
// The command ends, and then this does. A terminal sends Ctrl-C to both; other signals come to this process alone.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
unwatch();
await Promise.all([...started.map(({ stop }) => stop()), rm(folder, { recursive: true, force: true })]);
process.exitCode = code ?? 1;
