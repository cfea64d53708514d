// What a browser makes of tokens that are bound to a key: one that it keeps and nobody can read, with headers that it hides.
import { browserNames } from '@axios-authorizer/test-kit';
import { startServers } from '../test/dpop/servers.js';
import type { LoopbackHandler } from '@axios-authorizer/test-kit';
import type { Servers } from '../test/dpop/servers.js';
import { openPage } from './open-page.js';
import type { OpenPage } from './open-page.js';

interface Outcome {
  readonly outcomes: readonly { readonly status?: number; readonly message?: string }[];
  readonly notices: readonly string[];
  readonly thumbprint: string;
  readonly extractable: boolean;
  readonly token: string;
}

let servers: Servers;
let open: OpenPage;

afterEach(() => servers.stop());

async function run(by: string, ...paths: readonly string[]): Promise<Outcome> {
  return (await open.run({ tokenUrl: servers.tokenUrl, apiUrl: servers.apiUrl, by, paths })) as Outcome;
}

describe.each(browserNames)('in %s', (browser) => {
  beforeEach(async () => {
    open = await openPage(browser, 'dpop-page.mjs');
  });
  afterEach(() => open.close());

  it.each(['xhr', 'fetch', 'authorizedFetch'])(
    'by %s: the key cannot be read, and the next page goes on with it and its token (C21, C23)',
    async (by) => {
      servers = await startServers({ cors: 'all', apiNonce: 'changing', tokenNonce: 'fixed' });
      const first = await run(by, '/a', '/b');
      const second = await run(by, '/c');
      expect(first.outcomes.concat(second.outcomes)).toEqual([{ status: 200 }, { status: 200 }, { status: 200 }]);
      expect([first.extractable, second.thumbprint, second.token]).toEqual([false, first.thumbprint, 'access-1']);
      expect(servers.replayed).toEqual([]);
    },
  );

  it.each(['xhr', 'fetch', 'authorizedFetch'])(
    'by %s: a redirect is an error that says what to do (C9, C23)',
    async (by) => {
      const routes: Record<string, LoopbackHandler> = {
        '/from': (_request, response) => void response.writeHead(302, { location: '/to' }).end(),
      };
      servers = await startServers({ cors: 'all' }, routes);
      const { outcomes } = await run(by, '/from');
      expect(outcomes).toEqual([{ message: expect.stringMatching(/Call the final URL/) as string }]);
      expect(servers.apiRequests.map(({ url }) => url)).not.toContain('/to');
    },
  );

  it('a 401 that hides why costs one refresh, and says what the API has to expose (C23)', async () => {
    servers = await startServers({ cors: 'no headers', apiNonce: 'fixed' });
    const { outcomes, notices } = await run('fetch', '/a');
    expect(outcomes[0]).toMatchObject({ status: 401 });
    expect(servers.tokenRequests.filter(({ method }) => method === 'POST')).toHaveLength(2);
    expect(
      notices.filter((notice) => /Access-Control-Expose-Headers: WWW-Authenticate, DPoP-Nonce, Date/.test(notice)),
    ).toHaveLength(1);
  });
});
