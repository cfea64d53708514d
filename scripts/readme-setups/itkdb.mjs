// The service of samples that speak to the ITk production database: its login and its API on this machine.
import { startItkdb } from '@axios-authorizer/test-kit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns the environment of the sample, and what ends the servers */
export async function start() {
  const itkdb = await startItkdb();
  const folder = await mkdtemp(join(tmpdir(), 'axios-authorizer-sample-'));
  const env = {
    ITKDB_AUTH_URL: itkdb.authUrl,
    ITKDB_API_URL: itkdb.apiUrl,
    ITKDB_ACCESS_CODE1: 'code-1',
    ITKDB_ACCESS_CODE2: 'code-2',
    AUTH_FILE: join(folder, 'auth.json'),
  };
  return { env, stop: () => Promise.all([itkdb.stop(), rm(folder, { recursive: true })]) };
}
