// Does a page in a real browser sign in at the hosted UI, and does it bear a reload, a second tab, and the way back?
import { launchChromium, startCognitoPool, startLoopback } from '@axios-authorizer/test-kit';
import { build } from 'esbuild';
import { join } from 'node:path';
import type { CognitoPool, LoopbackServer } from '@axios-authorizer/test-kit';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const clientId = 'the-page';
let browser: Browser;
let pool: CognitoPool;
let site: LoopbackServer;

beforeAll(async () => {
  const script = await bundled();
  site = await startLoopback(({ url }, response) => {
    const isScript = url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : html());
  });
  pool = await startCognitoPool({
    clients: [{ clientId }],
    users: [{ username: 'ada', password: 'Difference-1' }],
    hostedUi: { redirectUris: [`${site.origin}/callback`], username: 'ada' },
  });
  browser = await launchChromium();
});
afterAll(() => Promise.all([browser.close(), site.stop(), pool.stop()]));

function html(): string {
  const settings = JSON.stringify({ domain: pool.origin, clientId });
  return `<!doctype html><link rel="icon" href="data:,"><script>globalThis.settings = ${settings}</script><script src="/page.js"></script>`;
}

async function bundled(): Promise<Uint8Array> {
  const entryPoints = [join(__dirname, 'page.mjs')];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'iife', platform: 'browser', write: false });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

async function visit(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.origin);
  return page;
}

async function signIn(page: Page, asked: object = {}): Promise<unknown> {
  await Promise.all([page.waitForURL('**/callback?**'), page.evaluate(`signIn(${JSON.stringify(asked)})`)]);
  return page.evaluate('outcome');
}

const signedIn = { scope: 'openid things/read' };
const nothingPending = { code: 'no_pending_sign_in', kind: 'session' };

it('what is pending waits in the tab, the code is handed in once, the token is refreshed, and nothing stays (G9)', async () => {
  const page = await visit(await browser.newContext());
  const before = pool.requests.length;
  expect(await signIn(page)).toEqual(signedIn);
  const forms = pool.requests.slice(before).filter(({ url }) => url === '/oauth2/token');
  expect(forms.map(({ body }) => new URLSearchParams(body.toString()).get('grant_type'))).toEqual([
    'authorization_code',
    'refresh_token',
  ]);
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
});

it('a reload of the callback is a session to begin again, and so is the callback in another tab (G9)', async () => {
  const context = await browser.newContext();
  const page = await visit(context);
  await signIn(page);
  await page.reload();
  expect(await page.evaluate('outcome')).toEqual(nothingPending);
  const other = await context.newPage();
  await other.goto(page.url());
  expect(await other.evaluate('outcome')).toEqual(nothingPending);
});

it('who goes back and signs in again ends the sign-in of either page; what is an hour old is swept away (G9)', async () => {
  const page = await visit(await browser.newContext());
  await page.evaluate("sessionStorage.setItem('axios-authorizer:hosted-ui:old', JSON.stringify({ startedAt: 1 }))");
  await page.route('**/oauth2/authorize?**', (route) => route.fulfill({ body: 'Sign in', contentType: 'text/html' }));
  const firstWay = await wayOf(page);
  await page.goBack({ waitUntil: 'commit' }); // a page that was kept is not loaded again
  await wayOf(page);
  await page.unroute('**/oauth2/authorize?**');
  await page.goto(firstWay);
  expect(await page.evaluate('outcome')).toEqual(signedIn);
  expect(await page.evaluate('Object.keys(sessionStorage).length')).toBe(1);
});

async function wayOf(page: Page): Promise<string> {
  await Promise.all([page.waitForURL('**/oauth2/authorize?**'), page.evaluate('signIn()')]);
  return page.url();
}

it('a caller that keeps `pending` itself leaves nothing in the tab (G9)', async () => {
  const page = await visit(await browser.newContext());
  expect(await signIn(page, { keep: false })).toEqual(nothingPending);
});

it('where the browser blocks sessionStorage that is told before anybody leaves, and a caller that keeps `pending` signs in (G9)', async () => {
  const context = await browser.newContext();
  const blocked = "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('blocked'); } })";
  await context.addInitScript(blocked);
  const page = await visit(context);
  const told = await page.evaluate('signIn().catch(({ kind, message }) => ({ kind, message }))');
  expect(told).toMatchObject({ kind: 'configuration', message: expect.stringContaining('keep: false') as string });
  const begun = await page.evaluate('ui.signInUrl({ keep: false })');
  const { url, pending } = begun as { readonly url: string; readonly pending: object };
  const { headers } = await fetch(url, { redirect: 'manual' });
  const back = JSON.stringify([headers.get('location'), pending]);
  expect(await page.evaluate(`ui.callback(...${back}).then(({ scope }) => ({ scope }))`)).toEqual(signedIn);
});
