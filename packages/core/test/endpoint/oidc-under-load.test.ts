// Does a client with rotating refresh tokens live through what kills naive ones: many refusals at once, short lives?
import axios from 'axios';
import { startOidcProvider, startResourceServer } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer, clientSecretBasic, refreshTokenSource } from '../../src/index.js';
import { afterwards } from './stage.js';
import type { AxiosInstance } from 'axios';
import type { OidcProvider, ResourceServer } from '@axios-authorizer/test-kit';
import type { AuthEvent } from '../../src/index.js';

let provider: OidcProvider;
let api: ResourceServer;

beforeAll(async () => {
  provider = await startOidcProvider();
  api = await startResourceServer();
  api.accepts = (bearer) => bearer !== undefined && !refused.has(bearer);
  api.route('/checked', async ({ headers }, response) => {
    const active = await provider.isActive(String(headers.authorization?.slice('Bearer '.length)));
    response.writeHead(active ? 200 : 401).end();
  });
});
afterAll(() => Promise.all([provider.stop(), api.stop()]));

const refused = new Set<string>();

interface SignedIn {
  readonly client: AxiosInstance;
  readonly authorizer: Authorizer;
  readonly accessToken: string;
  readonly events: readonly AuthEvent[];
}

async function signedInClient(): Promise<SignedIn> {
  const { accessToken, refreshToken } = await provider.signIn();
  const source = refreshTokenSource({
    tokenUrl: provider.tokenUrl,
    clientAuth: clientSecretBasic(provider.clients.rotating),
  });
  const events: AuthEvent[] = [];
  const observer = (event: AuthEvent): void => void events.push(event);
  const authorizer = new Authorizer(source, { initialToken: { accessToken, refreshToken }, observer });
  const client = axios.create({ baseURL: api.origin });
  afterwards(attachAuth(client, authorizer));
  return { client, authorizer, accessToken, events };
}

/** The provider's books over a stretch of work. */
async function counted(work: () => Promise<void>): Promise<{ tokenRequests: number; refreshReuses: number }> {
  const before = await provider.counters();
  await work();
  const after = await provider.counters();
  return {
    tokenRequests: after.tokenRequests - before.tokenRequests,
    refreshReuses: after.refreshReuses - before.refreshReuses,
  };
}

it('sixty requests with a revoked token are answered for one refresh, and the family lives (C2, C7)', async () => {
  const { client, authorizer, accessToken } = await signedInClient();
  const books = await counted(async () => {
    refused.add(accessToken);
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => client.post(`/checked?n=${n}`, { n })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
  expect(books).toEqual({ tokenRequests: 1, refreshReuses: 0 });
  await expect(authorizer.getToken({ force: true })).resolves.toMatchObject({ tokenType: 'Bearer' });
});

it('ten rounds of refusals cost ten refreshes, and the family lives (C2, C7)', async () => {
  const { client, authorizer } = await signedInClient();
  const books = await counted(async () => {
    for (let round = 0; round < 10; round += 1) {
      refused.add(String(authorizer.accessToken));
      const answers = await Promise.all(Array.from({ length: 12 }, () => client.get('/checked')));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }
  });
  expect(books).toEqual({ tokenRequests: 10, refreshReuses: 0 });
});

it('a token of two seconds rolls over under steady requests: one refresh, every request answered (C1)', async () => {
  await provider.setTokenLife(2);
  afterwards(() => provider.setTokenLife(300));
  const { client, authorizer } = await signedInClient();
  const first = await authorizer.getToken({ force: true });
  const books = await counted(async () => {
    while (authorizer.accessToken === first.accessToken) {
      expect((await client.get('/checked')).status).toBe(200);
    }
    expect((await client.get('/checked')).status).toBe(200);
  });
  expect(books).toEqual({ tokenRequests: 1, refreshReuses: 0 });
});
