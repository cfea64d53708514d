// For programs that read (llmstxt.org): a list of the pages, each page as Markdown beside its HTML, and all that is written by
// hand in one file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SECTIONS = [
  ['Start', /^(?:index|start\/.*)\.md$/],
  ['Guides', /^guide\//],
  ['Recipes', /^recipes\//],
  ['Migration', /^migration\//],
  ['Look up', /^(?:[^/]+|reference\/[^/]+)\.md$/],
  ['API', /^reference\/api\/(?:[^/]+\/){0,2}index\.md$/],
];
const WHOLE_TEXT = 5; // of the sections; the API pages and their lists are left out

/** @param {import('vitepress').SiteConfig} config */
export function writeForPrograms({ pages, srcDir, outDir, site }) {
  const all = pages.map((path) => pageOf(path, readFileSync(join(srcDir, path), 'utf8')));
  for (const { path, text } of all) write(join(outDir, path), text);
  const taken = new Set();
  const sections = SECTIONS.map(([title, pattern]) => {
    const found = all.filter(({ path }) => pattern.test(path) && !taken.has(path)).toSorted(byPlace);
    for (const { path } of found) taken.add(path);
    return { title, found };
  }).filter(({ found }) => found.length > 0);
  const head = `# ${site.title}\n\n> ${site.description}\n`;
  write(join(outDir, 'llms.txt'), [head, ...sections.map((section) => listOf(section, site.base))].join('\n'));
  const whole = sections.slice(0, WHOLE_TEXT).flatMap(({ found }) => found.map(({ text }) => text));
  write(join(outDir, 'llms-full.txt'), [head, ...whole].join('\n'));
}

function byPlace(one, other) {
  return one.order - other.order || one.path.localeCompare(other.path);
}

function listOf({ title, found }, base) {
  const lines = found.map(
    (page) => `- [${page.title}](${base}${page.path})${page.description && `: ${page.description}`}`,
  );
  return `## ${title}\n\n${lines.join('\n')}\n`;
}

function pageOf(path, source) {
  const [, frontMatter = ''] = /^---\n([\s\S]*?)\n---\n/.exec(source) ?? [];
  const text = source.replace(/^---\n[\s\S]*?\n---\n+/, '').replaceAll(/^(?:<!--[\s\S]*?-->\s*\n|:::.*\n)/gm, '');
  const said = (key) => new RegExp(`^${key}: *(.+)$`, 'm').exec(frontMatter)?.[1].replace(/^(['"])(.*)\1$/, '$2') ?? '';
  const title = /^# (.+)$/m.exec(text)?.[1].replaceAll('`', '') ?? path;
  return { path, text, title, description: said('description'), order: Number(said('order') || 0) };
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
