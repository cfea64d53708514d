// A user's own function cannot reach its server. Is that waited out, and what never passes not?
import axios from 'axios';
import { ManualClock, serverCertificate, startLoopback } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import { failureOf, passing } from './stage.js';
import type { AuthenticationError, Token, TokenSource } from '../../src/index.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';

let servers: Readonly<Record<'closed' | 'cutting' | 'hanging' | 'tls' | 'plain', LoopbackServer>>;
beforeAll(async () => {
  const [closed, cutting, hanging, tls, plain] = await Promise.all([
    startLoopback(() => undefined),
    startLoopback((_, response) => void response.socket?.destroy()),
    startLoopback(() => new Promise(() => undefined)),
    startLoopback((_, response) => void response.end(), { tls: serverCertificate() }),
    startLoopback((_, response) => void response.end()),
  ]);
  await closed.stop();
  servers = { closed, cutting, hanging, tls, plain };
});
afterAll(() => Promise.all(Object.values(servers).map((server) => server.stop())));

async function asked(
  ask: () => Promise<unknown>,
  how: 'authorize' | 'refresh' = 'authorize',
): Promise<{ readonly failure: AuthenticationError; readonly calls: number }> {
  let calls = 0;
  const clock = new ManualClock();
  const hook = (): Promise<Token> => ((calls += 1), ask().then(() => ({ accessToken: 'token' })));
  const source: TokenSource = { authorize: hook, ...(how === 'refresh' && { refresh: hook }) };
  const initialToken = { accessToken: 'old', refreshToken: 'r-0', expiresAt: new Date(clock.now() - 1) };
  const auth = new Authorizer(source, { clock, ...(how === 'refresh' && { initialToken }) });
  return { failure: await failureOf(passing(clock, auth.getToken())), calls };
}

it.each<readonly [string, () => Promise<unknown>]>([
  ['fetch finds nobody listening', () => fetch(servers.closed.origin)],
  ['fetch is cut off', () => fetch(servers.cutting.origin)],
  ['fetch has a limit of its own', () => fetch(servers.hanging.origin, { signal: AbortSignal.timeout(1) })],
  ['fetch is stopped by the function itself', () => fetch(servers.hanging.origin, { signal: AbortSignal.abort() })],
  ['axios finds nobody listening', () => axios.get(servers.closed.origin)],
  ['axios over fetch finds nobody listening', () => axios.get(servers.closed.origin, { adapter: 'fetch' })],
  ['axios is cut off', () => axios.get(servers.cutting.origin)],
  ['axios has a limit of its own', () => axios.get(servers.hanging.origin, { timeout: 1 })],
  ['a wrapped error of fetch', () => fetch(servers.closed.origin).catch((cause: unknown) => Promise.reject(new Error('mine', { cause })))], // prettier-ignore
])('%s: tried again, as a fault of the network (C5)', async (_what, ask) => {
  const { failure, calls } = await asked(ask);
  expect(failure).toMatchObject({ code: 'network', kind: 'unavailable', transient: true });
  expect(calls).toBe(4);
});

it.each(['fetch failed', 'Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed'])(
  'a TypeError of "%s" is that of a fetch, and passes (C5)',
  async (words) => {
    const { failure, calls } = await asked(() => Promise.reject(new TypeError(words)));
    expect([failure.transient, calls]).toEqual([true, 4]);
  },
);

it.each<readonly [string, () => Promise<unknown>, number]>([
  ['was certainly never sent is tried as often as any', () => axios.get(servers.closed.origin), 4],
  ['was certainly never sent by fetch is tried as often as any', () => fetch(servers.closed.origin), 4],
  ['may have arrived is repeated once at most', () => axios.get(servers.cutting.origin), 2],
  ['may have arrived by fetch is repeated once at most', () => fetch(servers.cutting.origin), 2],
])('a refresh that %s (C5)', async (_what, ask, tries) => {
  expect((await asked(ask, 'refresh')).calls).toBe(tries);
});

it.each<readonly [string, () => Promise<unknown>]>([
  ['axios, of a server whose certificate nobody vouches for', () => axios.get(servers.tls.origin)],
  ['fetch, of a server whose certificate nobody vouches for', () => fetch(servers.tls.origin)],
])('%s: a configuration after one try, and what to do (C5)', async (_what, ask) => {
  const { failure, calls } = await asked(ask);
  expect(failure).toMatchObject({ name: 'ConfigurationError', kind: 'configuration', transient: false });
  expect(failure.message).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT.*transport\.httpsAgent.*NODE_EXTRA_CA_CERTS/);
  expect(calls).toBe(1);
});

it.each<readonly [string, () => Promise<unknown>]>([
  ['https spoken to plain http', () => axios.get(servers.plain.origin.replace('http:', 'https:'))],
  ['https spoken to plain http by fetch', () => fetch(servers.plain.origin.replace('http:', 'https:'))],
  ['an adapter that the platform lacks', () => axios.get(servers.plain.origin, { adapter: 'xhr' })],
  ['a URL that is none', () => fetch('not a url')],
  ['an agent that is none', () => axios.get(servers.plain.origin, { httpAgent: 5 })],
])('%s: a configuration after one try (C5)', async (_what, ask) => {
  const { failure, calls } = await asked(ask);
  expect([failure.kind, failure.transient, calls]).toEqual(['configuration', false, 1]);
});
