// Where the components are: the database of the test-kit on this machine, with codes of its own, or the one that the
// environment names. Of the real one nothing is said here: the client reads ITKDB_* by itself.

import { startItkdb } from '@axios-authorizer/test-kit';

const codes = { accessCode1: 'code-1', accessCode2: 'code-2' };
const components = 731;

/** @returns what `createItkdbClient` needs to find the database, and how to end it */
export async function openDatabase({ real }) {
  if (real) return { connection: {}, stop: () => undefined };
  const itkdb = await startItkdb({ components });
  const { authUrl, apiUrl } = itkdb;
  return { connection: { ...codes, authUrl, apiUrl }, stop: () => itkdb.stop() };
}
