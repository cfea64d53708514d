// What is generated of the commands is what they are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from '../src/reference/documents.js';

it.each(Object.entries(documents()))('%s is up to date; npm run cli:docs writes it', (name, text) => {
  const written = readFileSync(join(__dirname, '..', name), 'utf8');
  expect(plain(written)).toBe(plain(text));
});

/** Without what Prettier adds. */
function plain(text: string): string {
  return text
    .replace(/[-\s]+/g, ' ')
    .replaceAll('[ ', '[')
    .replaceAll(' ]', ']');
}
