// Does a page in a real browser sign in by SRP, answer what the pool asks, and use an API with what it gets?
import { openSite } from './site.js';
import type { Site } from './site.js';
import type { Page } from 'playwright-core';

let site: Site;

beforeAll(async () => {
  site = await openSite(300);
});
afterAll(() => site.close());

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.fill('[name=username]', username);
  await page.fill('[name=password]', password);
  await page.click('#sign-in button');
}

async function answer(page: Page, text: string): Promise<void> {
  await page.waitForSelector('#challenge:not([hidden])');
  await page.fill('[name=answer]', text);
  await page.click('#challenge button');
}

function isInside(page: Page): Promise<unknown> {
  return page.waitForSelector('#inside:not([hidden])');
}

/** The code that would have come by SMS. */
async function codeOnPhone(page: Page): Promise<string> {
  await page.waitForFunction("document.getElementById('phone').textContent.startsWith('Your code')");
  return (await page.textContent('#phone'))?.split(' ').at(-1) ?? '';
}

it('a password is enough, and it does not leave the page (G6)', async () => {
  const page = await site.visit();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  await signIn(page, 'ada', 'Difference-1');
  await isInside(page);
  expect(await page.textContent('#who')).toBe('ada');
  expect(
    sent.filter((request) => request.includes('AuthParameters') || request.includes('PASSWORD_VERIFIER')),
  ).toHaveLength(2);
  expect(sent.filter((request) => request.includes('Difference-1'))).toEqual([]);
});

it('the form is there once the page can answer it, so no password gets into an address (G6)', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const page = await site.visit((fresh) => fresh.route('**/setting', (route) => held.then(() => route.continue())));
  expect(await page.isHidden('#sign-in')).toBe(true);
  release();
  await signIn(page, 'ada', 'Difference-1');
  await isInside(page);
  expect(page.url()).toBe(`${site.origin}/`);
});

it('fifty requests at once carry token and API key, and one rejected after a revocation is retried with a new token (G6)', async () => {
  const page = await site.visit();
  const asked: Record<string, string>[] = [];
  page.on('request', (request) => request.url().includes('/api/') && asked.push(request.headers()));
  await signIn(page, 'ada', 'Difference-1');
  await isInside(page);
  await page.click('#ask-many');
  await page.waitForFunction("document.getElementById('requests').textContent === '50'");
  await page.evaluate("fetch('/revoke', { method: 'POST' })");
  await page.click('#ask');
  await page.waitForFunction("document.getElementById('requests').textContent === '51'");
  expect(asked).toHaveLength(52);
  expect(new Set(asked.map((headers) => headers['x-api-key']))).toEqual(new Set(['key-of-the-page']));
  expect(new Set(asked.map(({ authorization }) => authorization)).size).toBe(2);
  expect([await page.textContent('#retried'), await page.textContent('#refreshes')]).toEqual(['1', '1']);
});

it('a wrong code is asked for again, the right one lets in (G2)', async () => {
  const page = await site.visit();
  await signIn(page, 'grace', 'Compiler-2');
  const code = await codeOnPhone(page);
  await answer(page, code === '000000' ? '111111' : '000000');
  await page.waitForFunction("document.getElementById('challenge-text').textContent.startsWith('That was not right')");
  await answer(page, await codeOnPhone(page));
  await isInside(page);
  expect(await page.textContent('#who')).toBe('grace');
});

it('a first password is changed on the way in (G2)', async () => {
  const page = await site.visit();
  await signIn(page, 'alan', 'Machine-3');
  await answer(page, 'Enigma-4-ever');
  await isInside(page);
  const again = await site.visit();
  await signIn(again, 'alan', 'Enigma-4-ever');
  await isInside(again);
  expect(await again.textContent('#who')).toBe('alan');
});

it("a wrong password is reported in a person's words, and nobody is inside (G4)", async () => {
  const page = await site.visit();
  await signIn(page, 'ada', 'wrong');
  await page.waitForSelector('#trouble:not([hidden])');
  expect(await page.textContent('#trouble')).toContain('Incorrect username or password');
  expect(await page.isHidden('#inside')).toBe(true);
});

it('who signs out begins again (G3)', async () => {
  const page = await site.visit();
  await signIn(page, 'ada', 'Difference-1');
  await isInside(page);
  await page.click('#sign-out');
  await page.waitForSelector('#sign-in:not([hidden])');
  expect(await page.textContent('#life-text')).toBe('No token yet.');
});
