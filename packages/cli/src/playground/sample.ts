// What is pasted from a playground: the variables of the environment, and a program that reads them.
import type { Terminal } from '../terminal/terminal.js';

/** A line for the shell of that platform. The values are made here and hold nothing that a shell would read. */
export function environmentLine(name: string, value: string, { platform }: Pick<Terminal, 'platform'>): string {
  return platform === 'win32' ? `$env:${name} = '${value}'` : `export ${name}=${value}`;
}

/** How the program of a playground gets its tokens. */
export interface SampleOptions {
  /** Whether a user signs in, so that there are refresh tokens to rotate. */
  readonly rotation: boolean;
  /** Whether tokens are bound to a key. */
  readonly dpop: boolean;
}

/** A program that calls the API each second, and outlives its tokens. */
export function sample({ rotation, dpop }: SampleOptions): string {
  const source = rotation ? 'passwordSource' : 'clientCredentialsSource';
  const person = rotation ? ["username: 'ada'", "password: 'any-password'"] : [];
  const options = ['tokenUrl: TOKEN_URL', 'clientAuth', ...person, ...(dpop ? ['dpop: await dpopProof()'] : [])];
  const names = ['attachAuth', 'Authorizer', 'clientCredentialsSource', 'clientSecretBasic', 'passwordSource'];
  const used = names.filter((name) => !name.endsWith('Source') || name === source);
  return `import axios from 'axios';
import { ${used.join(', ')} } from '@axios-authorizer/core';
${dpop ? "import { dpopProof } from '@axios-authorizer/core/dpop';\n" : ''}
const { API_URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET } = process.env;
const clientAuth = clientSecretBasic({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });
const source = ${source}({ ${options.join(', ')} });
const api = axios.create({ baseURL: API_URL });
attachAuth(api, new Authorizer(source));
for (let second = 1; second <= Number(process.env.SECONDS ?? 10); second += 1) {
  const { status } = await api.get('/items');
  console.log(\`second \${second}: \${status}\`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
`;
}
