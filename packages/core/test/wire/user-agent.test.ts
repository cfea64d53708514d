// Who does the server think is asking? A page's browser says it better than axios, whose words a server of another origin
// would have to allow first (Fetch standard, section 3.3.1): Firefox and Safari ask it to.
import axios from 'axios';
import { attachAuth, Authorizer, clientCredentialsSource, clientSecretPost } from '../../src/index.js';
import { startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { LoopbackServer, ResourceServer, TokenEndpoint } from '@axios-authorizer/test-kit';

let idp: TokenEndpoint;
let api: ResourceServer;

beforeEach(async () => {
  [idp, api] = await Promise.all([startTokenEndpoint(), startResourceServer()]);
});
afterEach(async () => {
  Reflect.deleteProperty(globalThis, 'location');
  await Promise.all([idp.stop(), api.stop()]);
});

function beAPage(): void {
  Object.defineProperty(globalThis, 'location', { value: new URL('http://127.0.0.1/'), configurable: true });
}

async function request(adapter: string, headers: Record<string, string> = {}): Promise<void> {
  const clientAuth = clientSecretPost({ clientId: 'id', clientSecret: 'secret' });
  const source = clientCredentialsSource({ tokenUrl: idp.url, clientAuth, transport: { adapter: [adapter] } });
  const client = axios.create({ baseURL: api.origin, adapter });
  attachAuth(client, new Authorizer(source));
  await client.get('/things', { headers });
}

function agents(...servers: readonly LoopbackServer[]): (string | undefined)[] {
  return servers.flatMap(({ requests }) => requests.map(({ headers }) => headers['user-agent']));
}

it('in a page neither the token request nor one that is sent by fetch names axios (C15)', async () => {
  beAPage();
  await request('fetch');
  expect(agents(idp, api)).toEqual(['node', 'node']);
});

it.each(['http', 'fetch'])('anywhere else axios is named, by %s (C15)', async (adapter) => {
  await request(adapter);
  const named = expect.stringMatching(/^axios\//) as string;
  expect(agents(idp, api)).toEqual([named, named]);
});

it.each(['User-Agent', 'user-agent'])('what the caller says as %s stays, in a page as well (C8)', async (name) => {
  beAPage();
  await request('fetch', { [name]: 'caller/1' });
  expect(agents(api)).toEqual(['caller/1']);
});
