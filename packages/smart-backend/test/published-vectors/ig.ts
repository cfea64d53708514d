// The example keys of the SMART App Launch implementation guide (2.2), as HL7 published them. They lie beside the
// repository, not in it: a clone that stands alone runs without them, and says so.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Jwk } from '../../src/index.js';

const folder = join(__dirname, '../../../../../shared/data/smart-ig');
const isThere = existsSync(folder);

if (!isThere) process.stderr.write(`SKIPPED: the published vectors of SMART are not at ${folder}\n`);

/** `describe` where the keys are at hand, else its skipping twin. */
export const withVectors: jest.Describe = isThere ? describe : describe.skip;

export interface PublishedSet {
  readonly path: string;
  readonly text: string;
  readonly keys: readonly Jwk[];
}

/** One of the guide's key sets; empty where it is not at hand. */
export function published(name: 'RS384.private' | 'RS384.public' | 'ES384.private' | 'ES384.public'): PublishedSet {
  const path = join(folder, `${name}.json`);
  const text = isThere ? readFileSync(path, 'utf8') : '{ "keys": [] }';
  return { path, text, ...(JSON.parse(text) as { readonly keys: readonly Jwk[] }) };
}
