// What a whole sign-in by SRP costs the client's processor, two requests included: ours, ours with BigInt alone, and the
// client that AWS wrote, each in a process of its own against one pool.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startCognitoPool } from '@axios-authorizer/test-kit';

const PROGRAM = fileURLToPath(new URL('srp-client.mjs', import.meta.url));
const CANDIDATES = {
  ours: '@axios-authorizer/cognito',
  bigint: '@axios-authorizer/cognito, BigInt alone',
  reference: 'amazon-cognito-identity-js',
};

/** @returns CPU milliseconds of one sign-in, by candidate */
export async function runSrp(count) {
  const [clientId, password] = ['bench-app', 'Correct-Horse-1'];
  const pool = await startCognitoPool({ clients: [{ clientId }], users: [{ username: 'ada', password }] });
  const { poolId: USER_POOL_ID, endpoint: COGNITO_ENDPOINT } = pool;
  const env = { ...process.env, USER_POOL_ID, COGNITO_ENDPOINT, CLIENT_ID: clientId, PASSWORD: password };
  try {
    const results = [];
    for (const [which, name] of Object.entries(CANDIDATES)) {
      const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, which, String(count)], { env });
      results.push({ which, name, cpuMs: Number(stdout) });
    }
    return results;
  } finally {
    await pool.stop();
  }
}
