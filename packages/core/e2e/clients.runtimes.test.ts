// Bun and Deno bring a network, a printer and errors of their own: what is promised must hold there as well.
import {
  clientNames,
  inFolder,
  otherRuntimes,
  runOn,
  startResourceServer,
  startTokenEndpoint,
} from '@axios-authorizer/test-kit';
import type { ResourceServer, Runtime, TokenEndpoint } from '@axios-authorizer/test-kit';
import { join } from 'node:path';
import { healthy, runClient } from './service.js';

const cwd = join(__dirname, '..');
const fixture = (name: string): string => join(__dirname, 'fixtures', name);

interface Services {
  readonly idp: TokenEndpoint;
  readonly api: ResourceServer;
  readonly stranger: ResourceServer;
}

async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const idp = await startTokenEndpoint();
  const api = await startResourceServer({ accepts: (bearer) => bearer !== undefined && idp.valid(bearer) });
  const stranger = await startResourceServer({ accepts: () => true });
  try {
    return await work({ idp, api, stranger });
  } finally {
    await Promise.all([idp.stop(), api.stop(), stranger.stop()]);
  }
}

/** Runs `fixtures/promises.mjs`; the API refuses its first token, knows no `/missing`, and redirects it to a stranger. */
async function keepPromises(runtime: Runtime, adapter: string, { idp, api, stranger }: Services): Promise<string[]> {
  api.next({ status: 401 });
  api.route('/missing', (_request, response) => void response.writeHead(404).end());
  const env = { ADAPTER: adapter, API_URL: api.origin, TOKEN_URL: idp.url, STRANGER_URL: `${stranger.origin}/lure` };
  return (await runOn(runtime, [fixture('promises.mjs')], { cwd, env })).split('\n');
}

describe.each(otherRuntimes)('on %s', (runtime) => {
  it.each(clientNames)('%s gets a token and a 200, retries a 503 and keeps its token in a file', async (name) => {
    expect(await runClient(fixture(name), cwd, runtime)).toEqual(healthy);
  });

  describe.each(['http', 'fetch'])('the %s adapter', (adapter) => {
    it('retries a 401 with the same body; each caller of a failure gets an error with a stack of its own (C5, C7, C8)', () =>
      withServices(async (services) => {
        const lines = await keepPromises(runtime, adapter, services);
        const told: unknown = JSON.parse(lines.at(-1) ?? '');
        expect(told).toEqual({ statuses: [200, 200, 404], whole: [true, true], shared: true });
        const { api, idp } = services;
        expect(api.requests.slice(0, 2).map(({ body }) => String(body))).toEqual(['{"kept":"ä"}', '{"kept":"ä"}']);
        expect(api.bearers().slice(0, 2)).toEqual(idp.issued);
        expect(api.requests.map(({ headers }) => headers['x-api-key'])).toEqual(api.requests.map(() => 'the-key'));
      }));

    it('takes neither the token nor the API key along a redirect to a stranger (C9)', () =>
      withServices(async (services) => {
        await keepPromises(runtime, adapter, services);
        expect(services.stranger.requests.map(({ url }) => url)).toEqual(['/lure']);
        const [headers = {}] = services.stranger.requests.map((request) => request.headers);
        expect([headers['authorization'], headers['x-api-key']]).toEqual([undefined, undefined]);
      }));

    it('lets nothing print a secret, raw requests included (C11)', () =>
      withServices(async (services) => {
        const printed = (await keepPromises(runtime, adapter, services)).join('\n');
        expect(printed).toContain('AxiosError');
        const secrets = ['the-secret', 'the-key', ...services.idp.issued];
        expect(secrets).toHaveLength(4);
        expect(secrets.filter((secret) => printed.includes(secret))).toEqual([]);
      }));
  });

  it('two processes that begin at once share the token of one file (C6)', () =>
    withServices(({ idp, api }) =>
      inFolder(async (folder) => {
        const env = { API_URL: api.origin, TOKEN_URL: idp.url, TOKEN_FILE: join(folder, 'token.json') };
        const clients = clientNames.map((name) => runOn(runtime, [fixture(name)], { cwd, env }));
        const printed = (await Promise.all(clients)).map((text) => JSON.parse(text) as unknown);
        expect(printed).toEqual([healthy.printed, healthy.printed]);
        expect(idp.calls).toBe(1);
      }),
    ));
});
