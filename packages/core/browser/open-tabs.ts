// Several tabs of one origin, in one browser, with a token endpoint for two persons and an API behind the same address.
import { gate, launchChromium, startBrowser, startLoopback, startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { BrowserName, BrowserProcess, Gate, LoopbackServer, TokenEndpoint } from '@axios-authorizer/test-kit';
import { bundled, Desk } from './open-page.js';

/** One request at the API: whom the page took for signed in when it began, and whose token it brought. */
interface Arrival {
  readonly as: string;
  readonly owner: string | undefined;
  readonly at: number;
}

type Tab = (task: string, options?: object) => Promise<unknown>;

export interface OpenTabs {
  readonly tabs: readonly [Tab, Tab, Tab, Tab];
  /** The authorization server, as each of the two knows it. */
  readonly ada: TokenEndpoint;
  readonly bob: TokenEndpoint;
  readonly arrivals: readonly Arrival[];
  /** Opens when a tab that went away may come back. */
  readonly back: Gate;
  open(browser: BrowserName): Promise<void>;
  /** Freezes a tab, as Chromium does with those that are long out of sight, or ends that. */
  freeze(tab: number, isFrozen: boolean): Promise<void>;
  close(): Promise<void>;
}

type Handler = Parameters<typeof startLoopback>[0];

/** The servers of four tabs, which `open` opens. @param expiresIn the lifetime of the tokens, in seconds */
export async function startSite(expiresIn: number): Promise<OpenTabs> {
  const script = await bundled('tab.mjs');
  const desks = Array.from({ length: 4 }, () => new Desk(script));
  const [ada, bob] = await Promise.all(['ada', 'bob'].map((who) => startPerson(who, expiresIn)));
  if (!ada || !bob) throw new Error('two endpoints were started');
  const arrivals: Arrival[] = [];
  const back = gate();
  const api = startApi({ ada, bob }, arrivals);
  const site = await startLoopback(async (request, response, ...rest) => {
    const { url, body } = request;
    const [, tab, path] = /^\/tab\/(\d)(\/.*)$/.exec(url) ?? [];
    if (tab !== undefined) return desks[Number(tab)]?.serve(path ?? '', body.toString(), response);
    if (url === '/page.js') return desks[0]?.serve(url, '', response);
    if (url === '/back') return void back.opened.then(() => response.end());
    if (url.startsWith('/away')) return void response.setHeader('content-type', 'text/html').end(AWAY);
    if (url === '/token' || url.startsWith('/api/')) return api(request, response, ...rest);
    response.statusCode = 404;
    response.end();
    return undefined;
  });
  let browser: Browser | undefined;
  const ended = (): Promise<never> => browser?.ended ?? new Promise(() => undefined);
  const tabs = desks.map((desk): Tab => {
    return (task, options = {}) => Promise.race([desk.run({ task, ...options }), ended()]);
  });
  const urls = desks.map((_desk, index) => `${site.origin}/tab/${index}/`);
  return {
    tabs: tabs as unknown as OpenTabs['tabs'],
    ada,
    bob,
    arrivals,
    back,
    open: async (name) => void (browser = await openBrowser(name, urls)),
    freeze: async (tab, isFrozen) => browser?.freeze?.(tab, isFrozen),
    close: async () => {
      await browser?.close();
      await Promise.all(([site, ada, bob] as readonly LoopbackServer[]).map((server) => server.stop()));
    },
  };
}

interface Browser extends BrowserProcess {
  freeze?(tab: number, isFrozen: boolean): Promise<void>;
}

/** Chromium opens several tabs only when it is driven. */
async function openBrowser(name: BrowserName, urls: readonly string[]): Promise<Browser> {
  if (name !== 'Chromium') return startBrowser(name, ...urls);
  const chromium = await launchChromium();
  const context = await chromium.newContext();
  const pages = await Promise.all(urls.map(() => context.newPage()));
  await Promise.all(pages.map((page, index) => page.goto(urls[index] ?? '')));
  return {
    ended: new Promise(() => undefined),
    close: () => chromium.close(),
    freeze: async (tab, isFrozen) => {
      const [page] = pages.slice(tab);
      if (page === undefined) throw new Error(`There is no tab ${tab}`);
      const devTools = await context.newCDPSession(page);
      await devTools.send('Page.setWebLifecycleState', { state: isFrozen ? 'frozen' : 'active' });
    },
  };
}

const AWAY = `<!doctype html><script>addEventListener('pageshow', () => fetch('/back').then(() => history.back()))</script>`;

function startPerson(who: string, expiresIn: number): Promise<TokenEndpoint> {
  const clock = { now: () => Date.now() };
  return startTokenEndpoint({
    expiresIn,
    refreshTokens: 'rotating',
    prefix: who,
    refreshPrefix: `refresh-${who}`,
    clock,
  });
}

/** The token endpoint of whoever asks, and an API that takes the tokens of both. */
function startApi(people: Readonly<Record<'ada' | 'bob', TokenEndpoint>>, arrivals: Arrival[]): Handler {
  return async ({ url, headers, body }, response) => {
    if (url === '/token') {
      const { origin } = body.includes('bob') ? people.bob : people.ada;
      const sent = { 'content-type': headers['content-type'] ?? '' };
      const answer = await fetch(`${origin}/token`, { method: 'POST', headers: sent, body: new Uint8Array(body) });
      const type = answer.headers.get('content-type') ?? '';
      response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
      return;
    }
    const bearer = headers.authorization?.replace('Bearer ', '');
    const as = new URL(url, 'http://site').searchParams.get('as') ?? '';
    const owner = bearer?.split('-')[0];
    arrivals.push({ as, owner, at: Date.now() });
    const isGood = bearer !== undefined && Object.values(people).some((person) => person.valid(bearer));
    response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' }).end('{}');
  };
}
