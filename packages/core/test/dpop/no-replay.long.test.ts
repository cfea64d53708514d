// Is any proof sent twice, over ten thousand requests with retries, redirects, refreshes and nonces that change?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { transientRetry, attachAuth } from '../../src/index.js';
import type { LoopbackHandler } from '@axios-authorizer/test-kit';
import { authorizedFetch } from '../../src/fetch/index.js';
import { stage } from './stage.js';

const scene = stage();
const REQUESTS = 10_000;
const AT_ONCE = 20;

let busy = 0;
const routes: Record<string, LoopbackHandler> = {
  '/from': (_request, response) => void response.writeHead(307, { location: '/to' }).end(),
  '/busy': (_request, response) => {
    busy += 1;
    response.writeHead(busy % 2 === 0 ? 200 : 503).end('{}');
  },
};
const PATHS = ['/plain', '/from', '/busy', '/plain?page=2'];

it('10,000 requests send no proof twice, and no refresh token (C23, RFC 9449 section 11.1)', async () => {
  const { auth, apiUrl, settings, revoke, replayed, refreshReuses, proofs, tokenRequests } = await scene({
    refreshes: true,
    routes,
    settings: { tokenNonce: 'changing' },
  });
  const clients = ['http', 'fetch'].map((adapter): AxiosInstance => {
    const client = axios.create({ baseURL: apiUrl, adapter });
    attachAuth(client, auth, { retry: transientRetry({ retryDelay: () => 0 }) });
    return client;
  });
  const byFetch = authorizedFetch(auth, { allow: apiUrl });
  const statuses = new Map<number, number>();
  const one = async (number: number): Promise<void> => {
    const path = PATHS[number % PATHS.length] ?? '/';
    if (number % 500 === 499) revoke(auth.accessToken ?? '');
    if (number % 900 === 899) await auth.getToken({ force: true });
    if (number % 2_000 === 1_999) settings.apiNonce = settings.apiNonce ? undefined : 'fixed';
    const client = clients[number % 3];
    const { status } = await (client
      ? client.get(path, { validateStatus: (code) => code < 500 })
      : byFetch(apiUrl + path));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  for (let number = 0; number < REQUESTS; number += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => one(number + index)));
  expect(replayed).toEqual([]);
  expect(refreshReuses).toEqual([]);
  expect(proofs.length).toBeGreaterThan(REQUESTS * 1.25); // redirects and retries have proofs of their own
  expect(tokenRequests.length).toBeGreaterThan(20);
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS * 0.9); // byFetch does not retry the 503s
  expect(new Set(statuses.keys())).toEqual(new Set([200, 503]));
});
