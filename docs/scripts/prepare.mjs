// Makes what the site shows and git does not keep: the API pages, and the pages of the command.
// Run: node docs/scripts/prepare.mjs
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '..');
const api = join(docs, 'reference/api');
const cli = join(docs, '../packages/cli');

rmSync(api, { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typedoc/bin/typedoc'], { cwd: docs, stdio: 'inherit' });
for (const name of readdirSync(api, { recursive: true })) if (name.endsWith('.md')) fixAnchors(join(api, name));
copyPage('REFERENCE.md', 'cli', { title: 'Command line', order: 1 });
copyPage('DOCTOR.md', 'doctor', { title: 'What doctor says', order: 2 });
for (const picture of ['doctor.svg', 'status.svg']) copyFileSync(join(cli, picture), join(docs, 'public', picture));

/** VitePress names a heading without underscores, and TypeDoc with them. */
function fixAnchors(file) {
  const text = readFileSync(file, 'utf8');
  const fixed = text.replaceAll(/\.md#\w*_\w*(?=\))/g, (link) => link.replaceAll('_', '-'));
  if (fixed !== text) writeFileSync(file, fixed);
}

/** The page as it is, with a title for the side bar. What stands in angle brackets is text here, and no HTML. */
function copyPage(file, name, { title, order }) {
  const text = readFileSync(join(cli, file), 'utf8').replace('](doctor.svg)', '](/doctor.svg)');
  const safe = text
    .split(/(```[\s\S]*?```|`[^`\n]*`|<!--[\s\S]*?-->)/)
    .map((part, index) => (index % 2 ? part : escape(part)));
  writeFileSync(
    join(docs, 'reference', `${name}.md`),
    `---\nsidebar: ${title}\norder: ${order}\n---\n\n${safe.join('')}`,
  );
}

function escape(text) {
  return text.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;');
}
