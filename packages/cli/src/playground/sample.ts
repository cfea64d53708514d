// What is pasted from a playground: the variables of the environment, and a program that reads them.
import type { Terminal } from '../terminal/terminal.js';

/** A line for the shell of that platform. The values are made here and hold nothing that a shell would read. */
export function environmentLine(name: string, value: string, { platform }: Pick<Terminal, 'platform'>): string {
  return platform === 'win32' ? `$env:${name} = '${value}'` : `export ${name}=${value}`;
}

const BY_CLIENT = `import axios from 'axios';
import { attachAuth, Authorizer, clientCredentialsSource, clientSecretBasic } from '@axios-authorizer/core';

const { API_URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET } = process.env;
const clientAuth = clientSecretBasic({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });
const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl: TOKEN_URL, clientAuth }));
`;

const BY_USER = `import axios from 'axios';
import { attachAuth, Authorizer, clientSecretBasic, passwordSource } from '@axios-authorizer/core';

const { API_URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET } = process.env;
const clientAuth = clientSecretBasic({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });
const person = { username: 'ada', password: 'any-password' };
const authorizer = new Authorizer(passwordSource({ tokenUrl: TOKEN_URL, clientAuth, ...person }));
`;

const CALLS = `const api = axios.create({ baseURL: API_URL });
attachAuth(api, authorizer);
for (let second = 1; second <= Number(process.env.SECONDS ?? 10); second += 1) {
  const { status } = await api.get('/items');
  console.log(\`second \${second}: \${status}\`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
`;

/** A program that calls the API each second, and outlives its tokens. @param isRotating whether a user signs in */
export function sample(isRotating: boolean): string {
  return `${isRotating ? BY_USER : BY_CLIENT}${CALLS}`;
}
