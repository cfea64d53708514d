// What the tests of commands have in common: servers that end with their test, and a home folder of its own.
import { createPublicKey } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ecKeyPair, startCognitoPool, startItkdb, startSmartServer } from '@axios-authorizer/test-kit';
import type { CognitoPool, CognitoPoolUser, Itkdb, SmartServer } from '@axios-authorizer/test-kit';
import { startTokenEndpoint } from '@axios-authorizer/testing';
import type { TokenEndpoint, TokenEndpointOptions } from '@axios-authorizer/testing';
import { freshFolder } from './test-terminal.js';

const stops: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Runs `stop` after the test. */
export function afterwards(stop: () => unknown): void {
  stops.push(stop);
}

/** Writes a file that only its owner can read. */
export function privateFile(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}

export interface Stage {
  /** What follows the command. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  /** What must not show anywhere but in the token that is asked for. */
  readonly secrets: () => readonly string[];
  /** The tokens that the server has issued so far. */
  readonly issued: () => readonly string[];
}

export async function oauth2Stage(
  options?: TokenEndpointOptions,
): Promise<Stage & { readonly endpoint: TokenEndpoint }> {
  const endpoint = await startTokenEndpoint(options);
  afterwards(() => endpoint.close());
  const { url, clientId, clientSecret } = endpoint;
  return {
    endpoint,
    args: ['oauth2', '--token-url', url, '--client-id', clientId],
    env: { AXIOS_AUTHORIZER_CLIENT_SECRET: clientSecret },
    home: freshFolder(),
    secrets: () => endpoint.secrets,
    issued: () => endpoint.issued,
  };
}

export async function smartStage(): Promise<Stage & { readonly server: SmartServer }> {
  const { privateKey } = ecKeyPair('P-384');
  const [home, kid] = [freshFolder(), 'es-key'];
  const jwk = privateKey.export({ format: 'jwk' });
  const publicJwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, alg: 'ES384' };
  const server = await startSmartServer({ clients: [{ clientId: 'the-service', jwks: { keys: [publicJwk] } }] });
  afterwards(() => server.stop());
  const keys = privateFile(home, 'key.json', JSON.stringify({ ...jwk, kid, alg: 'ES384' }));
  return {
    server,
    args: ['smart', '--base-url', server.baseUrl, '--client-id', 'the-service', '--keys', keys],
    env: {},
    home,
    secrets: () => [...server.issued, String(jwk.d)],
    issued: () => server.issued,
  };
}

export async function itkdbStage(): Promise<Stage & { readonly itkdb: Itkdb }> {
  const [accessCode1, accessCode2] = ['first-code-of-ada', 'second-code-of-ada'];
  const itkdb = await startItkdb({ users: [{ accessCode1, accessCode2, identity: '11-1111-1', name: 'Ada' }] });
  afterwards(() => itkdb.stop());
  return {
    itkdb,
    args: ['itkdb', '--auth-url', itkdb.authUrl],
    env: { ITKDB_ACCESS_CODE1: accessCode1, ITKDB_ACCESS_CODE2: accessCode2 },
    home: freshFolder(),
    secrets: () => [accessCode1, accessCode2],
    issued: () => [],
  };
}

export async function cognitoStage(
  more: Partial<CognitoPoolUser> = {},
): Promise<Stage & { readonly pool: CognitoPool }> {
  const user = { username: 'ada', password: 'correct horse battery', ...more };
  const pool = await startCognitoPool({ clients: [{ clientId: 'the-app' }], users: [user] });
  afterwards(() => pool.stop());
  const endpoint = ['--endpoint', pool.endpoint];
  return {
    pool,
    args: ['cognito', '--user-pool-id', pool.poolId, '--client-id', 'the-app', '--username', 'ada', ...endpoint],
    env: { AXIOS_AUTHORIZER_PASSWORD: user.password },
    home: freshFolder(),
    secrets: () => [user.password],
    issued: () => [],
  };
}

/** Every file below a folder, by its path, with its text and mode. */
export function filesIn(
  folder: string,
): readonly { readonly path: string; readonly text: string; readonly mode: number }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, text: readFileSync(path, 'utf8'), mode: statSync(path).mode & 0o777 }));
}
