// The FHIR server that the built clients talk to, and a key in a file that is registered there.
import { generateKeyPair, publicJwks } from '@axios-authorizer/smart-backend';
import { inFolder, runOn, startSmartServer } from '@axios-authorizer/test-kit';
import type { Runtime, SmartServer } from '@axios-authorizer/test-kit';
import { join } from 'node:path';

export interface Ran {
  /** What the program printed, as JSON. */
  readonly printed: unknown;
  readonly served: number;
  /** The kids and the algorithms of the assertions, in order. */
  readonly signedBy: readonly string[];
  readonly refusals: SmartServer['refusals'];
}

const clientId = 'the-service';
const kid = 'the-key';

/** Runs the program `args` in `cwd` against a fresh server. */
export async function runClient(args: readonly string[], cwd: string, runtime: Runtime = 'Node'): Promise<Ran> {
  const server = await startSmartServer();
  try {
    const printed = await inFolder((folder) => runWithKey(server, folder, (env) => runOn(runtime, args, { cwd, env })));
    const signedBy = server.assertions.map(({ header }) => `${String(header['kid'])} ${String(header['alg'])}`);
    return { printed: JSON.parse(printed), served: server.served, signedBy, refusals: server.refusals };
  } finally {
    await server.stop();
  }
}

async function runWithKey(
  server: SmartServer,
  keyDirectory: string,
  work: (env: Readonly<Record<string, string>>) => Promise<string>,
): Promise<string> {
  const keys = await generateKeyPair('ES384', { kid, keyDirectory });
  server.register({ clientId, jwks: await publicJwks(keys) });
  return work({ BASE_URL: server.baseUrl, CLIENT_ID: clientId, KEY_FILE: join(keyDirectory, `${kid}.json`) });
}

/** Two clients, one with the key and one with a signer, a token and an answer each; a key set of two keys. */
export const healthy: Ran = {
  printed: {
    answers: [
      [200, 'Bundle'],
      [200, 'Bundle'],
    ],
    published: ['ES384', 'RS384'],
  },
  served: 2,
  signedBy: ['the-key ES384', 'the-key ES384'],
  refusals: [],
};
