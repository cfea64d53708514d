// The side bar: a group for each folder of pages, in the order that the pages give themselves (`order` in the front matter).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '..');
const LAST = 1000;
const LOOK_UP = ['why-no-token', 'errors', 'comparison', 'reference/index'];

export function sidebar() {
  const guides = [
    section('Start', 'start'),
    section('Guides', 'guide'),
    section('Recipes', 'recipes'),
    section('Migration', 'migration'),
    { text: 'Look up', items: LOOK_UP.filter(isThere).map((name) => entry(page('.', name))) },
  ].filter(({ items }) => items.length > 0);
  const api = modules();
  const links = api.map(({ title, path }) => ({ text: title.replace('@axios-authorizer/', ''), link: linkTo(path) }));
  const reference = [
    { text: 'Reference', items: pagesOf('reference') },
    { text: 'API', items: links },
  ];
  const inside = api.map((module) => [linkTo(module.path), [group(module), ...reference]]);
  return { ...Object.fromEntries(inside), '/reference/': reference, '/': guides };
}

/** A folder as a group that opens and closes, under a link to its first page. */
function section(text, folder) {
  const [first, ...items] = pagesOf(folder);
  return first === undefined ? { text, items: [] } : { text, link: first.link, collapsed: text !== 'Start', items };
}

/** The entries of the navigation whose pages are there. */
export function existing(entries) {
  return entries.filter(({ link }) => isThere(link.endsWith('/') ? `${link}index` : link));
}

/** The pages of a folder that are there, by `order`, then by name. */
function pagesOf(folder) {
  const pages = namesIn(folder).map((name) => page(folder, name));
  return pages.toSorted((one, other) => one.order - other.order).map(entry);
}

function entry({ text, link }) {
  return { text, link };
}

function isThere(name) {
  return existsSync(join(docs, `${name}.md`));
}

function namesIn(folder) {
  if (!existsSync(join(docs, folder))) return [];
  const files = readdirSync(join(docs, folder)).filter((name) => name.endsWith('.md'));
  return files.map((name) => name.slice(0, -'.md'.length)).toSorted();
}

function page(folder, name) {
  const source = readFileSync(join(docs, folder, `${name}.md`), 'utf8');
  const frontMatter = /^---\n([\s\S]*?)\n---/.exec(source)?.[1] ?? '';
  const said = (key) => new RegExp(`^${key}: *(.+)$`, 'm').exec(frontMatter)?.[1].replace(/^(['"])(.*)\1$/, '$2');
  const title = said('sidebar') ?? said('title') ?? /^# (.+)$/m.exec(source)?.[1] ?? name;
  const path = `/${folder === '.' ? '' : `${folder}/`}${name}`.replace(/(^|\/)index$/, '$1');
  return { text: title.replaceAll('`', ''), link: path, order: Number(said('order') ?? (name === 'index' ? 0 : LAST)) };
}

/** What TypeDoc lists, once it has run: a page for each module, and below it the side bar of its names. */
function modules() {
  const file = join(docs, '.vitepress/api.json');
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8'));
}

function group({ title, path, children }) {
  const link = path && { link: linkTo(path) };
  return { text: title, ...link, ...(children && { items: children.map(group) }) };
}

function linkTo(path) {
  return `/reference/api/${path.replace(/(?:index)?\.md$/, '')}`;
}
