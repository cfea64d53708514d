// Finds links inside the site that lead nowhere, to a heading as well, which VitePress does not look at.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** @returns each broken link once, with the number of its pages, and how many links there are */
export function brokenLinks(folder, base) {
  const pages = new Map(htmlFiles(folder).map((file) => [pathOf(folder, file), contentOf(file)]));
  const broken = new Map();
  let links = 0;
  for (const [path, { hrefs }] of pages)
    for (const href of new Set(hrefs)) {
      const target = new URL(href.replaceAll('&amp;', '&'), `http://site${base}${path}`);
      if (target.host !== 'site') continue;
      links += 1;
      const why = whatIsWrong({ target, pages, base, folder });
      if (why) broken.set(`${href} ${why}`, [...(broken.get(`${href} ${why}`) ?? []), path]);
    }
  const problems = [...broken].map(
    ([what, [first, ...more]]) => `/${first}: ${what}${more.length > 0 ? ` (and on ${more.length} more pages)` : ''}`,
  );
  return { links, problems };
}

/** @returns the path of each page below the base, such as "errors" and "start/" */
export function pagesOf(folder) {
  return htmlFiles(folder)
    .map((file) => pathOf(folder, file))
    .toSorted();
}

function whatIsWrong({ target, pages, base, folder }) {
  if (!target.pathname.startsWith(base)) return 'leads out of the site';
  const path = decodeURIComponent(target.pathname.slice(base.length))
    .replace(/\.html$/, '')
    .replace(/(^|\/)index$/, '$1');
  const page = pages.get(path) ?? pages.get(`${path}/`);
  if (page === undefined) return isFile(folder, path) ? undefined : 'is no page';
  const id = decodeURIComponent(target.hash.slice(1));
  return id === '' || page.ids.has(id) ? undefined : 'is no heading of that page';
}

function isFile(folder, path) {
  try {
    readFileSync(join(folder, path));
    return true;
  } catch {
    return false;
  }
}

function htmlFiles(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html'));
  return names.map((name) => join(folder, name));
}

function pathOf(folder, file) {
  return relative(folder, file)
    .split(sep)
    .join('/')
    .replace(/(?:^|(?<=\/))index\.html$|\.html$/, '');
}

function contentOf(file) {
  const html = readFileSync(file, 'utf8');
  const all = (pattern) => [...html.matchAll(pattern)].map(([, value]) => value);
  return { hrefs: all(/<a\b[^>]*? href="([^"]*)"/g), ids: new Set(all(/ id="([^"]+)"/g)) };
}
