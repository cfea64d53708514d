// The login service and the database that the built clients talk to.
import { runOn, startItkdb } from '@axios-authorizer/test-kit';
import type { Runtime } from '@axios-authorizer/test-kit';

export interface Ran {
  /** What the program printed, as JSON. */
  readonly printed: unknown;
  readonly logins: number;
}

/** Runs the program `args` in `cwd` against fresh services. */
export async function runClient(args: readonly string[], cwd: string, runtime: Runtime = 'Node'): Promise<Ran> {
  const itkdb = await startItkdb();
  const { authUrl: ITKDB_AUTH_URL, apiUrl: ITKDB_API_URL } = itkdb;
  const codes = { ITKDB_ACCESS_CODE1: 'code-1', ITKDB_ACCESS_CODE2: 'code-2' };
  try {
    const printed: unknown = JSON.parse(
      await runOn(runtime, args, { cwd, env: { ...codes, ITKDB_AUTH_URL, ITKDB_API_URL } }),
    );
    return { printed, logins: itkdb.logins };
  } finally {
    await itkdb.stop();
  }
}

/** One login for all of it. */
export const healthy: Ran = {
  printed: { status: 200, code: 'c1', count: 70, name: 'Test User', isOriginals: true },
  logins: 1,
};
