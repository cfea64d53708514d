// Makes what the site shows and git does not keep: the API pages, and the pages of the command.
// Run: node docs/scripts/prepare.mjs
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '..');
const cli = join(docs, '../packages/cli');

rmSync(join(docs, 'reference/api'), { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typedoc/bin/typedoc'], { cwd: docs, stdio: 'inherit' });
copyPage('REFERENCE.md', 'cli', { title: 'Command line', order: 1 });
copyPage('DOCTOR.md', 'doctor', { title: 'What doctor says', order: 2 });
copyFileSync(join(cli, 'doctor.svg'), join(docs, 'public/doctor.svg'));

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
