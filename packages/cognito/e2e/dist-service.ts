// The user pool, and the API behind it, that the built clients talk to: one person needs no more than the password, the
// other one is asked for a code.
import { runOn, startCognitoApi, startCognitoPool } from '@axios-authorizer/test-kit';
import type { CognitoPool, ResourceServer, Runtime } from '@axios-authorizer/test-kit';

export interface Ran {
  /** What the program printed, as JSON. */
  readonly printed: unknown;
  /** What the pool was asked, in order, and how often for its keys. */
  readonly operations: readonly string[];
  readonly keySets: number;
  /** What the API let in and what it turned away. */
  readonly served: number;
  readonly refused: number;
}

export interface Services {
  readonly pool: CognitoPool;
  readonly api: ResourceServer;
}

export const clientId = 'the-app';
export const apiKey = 'the-api-key';
export const password = 'Correct-Horse-1';

/** Gives `work` a fresh pool and its API, and stops both afterwards. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const users = [
    { username: 'ada', password },
    { username: 'grace', password, mfa: 'SMS_MFA' },
  ] as const;
  const pool = await startCognitoPool({ clients: [{ clientId }], users });
  const api = await startCognitoApi(pool, { apiKey });
  try {
    return await work({ pool, api });
  } finally {
    await Promise.all([pool.stop(), api.stop()]);
  }
}

/** Runs the program `args` in `cwd` against fresh services. */
export function runClient(args: readonly string[], cwd: string, runtime: Runtime = 'Node'): Promise<Ran> {
  return withServices(async ({ pool, api }) => {
    const printed: unknown = JSON.parse(await runOn(runtime, args, { cwd, env: environment(pool, api) }));
    const operations = pool.operations.map(({ name }) => name);
    return { printed, operations, keySets: pool.count('jwks'), served: api.served, refused: api.refused };
  });
}

function environment(pool: CognitoPool, api: ResourceServer): Readonly<Record<string, string>> {
  const { poolId, endpoint, issuer } = pool;
  return {
    USER_POOL_ID: poolId,
    COGNITO_ENDPOINT: endpoint,
    ISSUER: issuer,
    CLIENT_ID: clientId,
    PASSWORD: password,
    API_URL: api.origin,
    API_KEY: apiKey,
  };
}

/** Two sign-ins, the second one up to its code; one request; two tokens judged by one reading of the key set. */
export const healthy: Ran = {
  printed: {
    status: 200,
    challenge: 'SMS_MFA',
    code: 'challenge_required',
    username: 'ada',
    forged: 'token_invalid',
  },
  operations: ['InitiateAuth', 'RespondToAuthChallenge', 'InitiateAuth', 'RespondToAuthChallenge'],
  keySets: 1,
  served: 1,
  refused: 0,
};
