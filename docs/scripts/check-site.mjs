// Opens the built site in Chromium, and checks what a reader needs of it. Run after a build: node docs/scripts/check-site.mjs [--screenshots FOLDER]
//
// - every link inside the site leads to a page and a heading
// - the first page is small
// - axe-core finds nothing, light and dark, on a wide screen and on a phone; nothing is wider than a phone
// - the search finds a word, and a tab that was chosen is chosen on the next page
//
// Opened are all pages that are written by hand, and some of the API pages, which are all made alike: hundreds would take minutes.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import config from '../.vitepress/config.mjs';
import { brokenLinks, pagesOf } from './links.mjs';
import { serve } from './serve.mjs';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const LIMIT_BYTES = 200_000;
const API_PAGES = 10;
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const WORKERS = 2;
const CONTRAST = { runOnly: { type: 'rule', values: ['color-contrast'] } };
const WHOLE_PAGE = { include: [['html']] };
const AROUND_THE_TEXT = { ...WHOLE_PAGE, exclude: [['.vp-doc']] };
const WORD = { typed: 'cool-down', found: /errors|guide|why-no-token/ };

const docs = join(import.meta.dirname, '..');
const dist = join(docs, '.vitepress/dist');
const axe = readFileSync(join(docs, 'node_modules/axe-core/axe.min.js'), 'utf8');
const { base } = config;
const problems = [];

if (!existsSync(CHROMIUM))
  throw new Error(`There is no ${CHROMIUM}: apt-get install chromium, or say where it is in CHROMIUM`);
const { links, problems: broken } = brokenLinks(dist, base);
problems.push(...broken);
console.log(`${links} links inside the site, ${broken.length} broken`);

const { home, close } = await serve(dist, base);
const browser = await chromium.launch({ executablePath: CHROMIUM });
try {
  await checkWeight();
  await checkSearch();
  await checkTabs();
  await checkPages();
} finally {
  await browser.close();
  close();
}
for (const problem of problems) console.error(problem);
console.log(`${problems.length} problems of the site`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** What the first page loads, as it is sent: all files together, compressed. */
async function checkWeight() {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  let files = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    files += 1;
  });
  await page.goto(home, { waitUntil: 'networkidle' });
  await page.close();
  console.log(`the first page: ${files} files, ${(bytes / 1000).toFixed(0)} kB`);
  if (bytes > LIMIT_BYTES) problems.push(`/: the first page loads ${bytes} bytes, more than ${LIMIT_BYTES}`);
}

async function checkSearch() {
  const page = await browser.newPage({ viewport: WIDE });
  await page.goto(home);
  await page.getByRole('button', { name: 'Search' }).first().click();
  await page.getByRole('searchbox').fill(WORD.typed);
  const result = page.locator('.VPLocalSearchBox .result').first();
  const href = await result.getAttribute('href', { timeout: 15_000 }).catch(() => null);
  await page.close();
  console.log(`the search for "${WORD.typed}" finds ${href}`);
  if (!WORD.found.test(href ?? '')) problems.push(`/: the search for "${WORD.typed}" finds ${href}`);
}

async function checkTabs() {
  const page = await browser.newPage({ viewport: WIDE });
  await page.goto(`${home}start/`);
  await page.getByText('CommonJS', { exact: true }).first().click();
  await page.goto(`${home}start/core`);
  const shown = page.locator('.vp-code-group .active', { hasText: 'require(' });
  const isKept = await shown
    .first()
    .waitFor({ timeout: 15_000 })
    .then(
      () => true,
      () => false,
    );
  await page.close();
  if (!isKept) problems.push('/start/core: the tab that was chosen on another page is not chosen');
}

async function checkPages() {
  const all = pagesOf(dist);
  const api = all.filter((path) => path.startsWith('reference/api/'));
  const step = Math.ceil(api.length / API_PAGES);
  const queue = all.filter((path) => !path.startsWith('reference/api/') || api.indexOf(path) % step === 0);
  console.log(`${queue.length} pages of ${all.length} are opened; of ${api.length} API pages every ${step}th`);
  await Promise.all(Array.from({ length: WORKERS }, () => work(queue)));
}

async function work(queue) {
  const page = await browser.newPage({ reducedMotion: 'reduce' });
  page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) await checkPage(page, path);
  await page.close();
}

/**
 * All rules at both widths, and the contrast of colours in both schemes, which takes longest: of a text it does not depend on the
 * width, so at the second width only that of what stands around the text is looked at.
 */
async function checkPage(page, path) {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(WIDE);
  await page.goto(home + path, { waitUntil: 'load' });
  await page.addStyleTag({ content: '*, ::before, ::after { transition: none !important }' });
  await page.evaluate(axe);
  await judge(page, path, 'light, 1280 px', {});
  await switchTo(page, 'dark');
  await judge(page, path, 'dark, 1280 px', CONTRAST);
  await page.setViewportSize(PHONE);
  await judge(page, path, 'dark, 390 px', { rules: { 'color-contrast': { enabled: false } } });
  await judge(page, path, 'dark, 390 px', CONTRAST, AROUND_THE_TEXT);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) problems.push(`/${path}: ${wide} px wider than 390 px`);
  await switchTo(page, 'light');
  await judge(page, path, 'light, 390 px', CONTRAST, AROUND_THE_TEXT);
}

async function switchTo(page, colorScheme) {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction(
    (isDark) => document.documentElement.classList.contains('dark') === isDark,
    colorScheme === 'dark',
  );
}

async function judge(page, path, how, rules, where = WHOLE_PAGE) {
  const options = { resultTypes: ['violations'], preload: false, ...rules };
  const violations = await page.evaluate(
    async ([context, given]) => {
      const result = await globalThis.axe.run(context, given);
      return result.violations.map(({ id, help, nodes }) => ({
        id,
        help,
        count: nodes.length,
        first: nodes[0].html.slice(0, 160),
        why: nodes[0].failureSummary,
      }));
    },
    [where, options],
  );
  for (const { id, help, count, first, why } of violations)
    problems.push(
      `/${path} (${how}): ${id}, ${help}, ${count} times, first ${first}\n    ${why.replaceAll('\n', ' ')}`,
    );
  await screenshot(page, path, how);
}

async function screenshot(page, path, how) {
  const folder = process.argv[2] === '--screenshots' ? process.argv[3] : undefined;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({
    path: join(folder, `${path.replaceAll('/', '-') || 'home'}-${how.replaceAll(/\W+/g, '-')}.png`),
  });
}
