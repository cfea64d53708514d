// The service that the built clients talk to: a token endpoint, and an API whose first answer is a 503.
import { inFolder, runOn, startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { Runtime } from '@axios-authorizer/test-kit';
import { join } from 'node:path';

/** Runs the client program `script` in `cwd` against a fresh service. @returns what it printed, and what the servers saw */
export async function runClient(
  script: string,
  cwd: string,
  runtime: Runtime = 'Node',
): Promise<{ printed: unknown; arrivals: number; tokens: number }> {
  const idp = await startTokenEndpoint();
  const api = await startResourceServer({ accepts: (bearer) => bearer !== undefined && idp.valid(bearer) });
  api.next({ status: 503 });
  try {
    const printed = await inFolder((folder) => {
      const env = { API_URL: api.origin, TOKEN_URL: idp.url, TOKEN_FILE: join(folder, 'token.json') };
      return runOn(runtime, [script], { cwd, env });
    });
    return { printed: JSON.parse(printed), arrivals: api.requests.length, tokens: idp.calls };
  } finally {
    await Promise.all([idp.stop(), api.stop()]);
  }
}

/** A 503, its retry by axios-retry, one token, kept in the file. */
export const healthy = { printed: { status: 200, stored: true }, arrivals: 2, tokens: 1 };
