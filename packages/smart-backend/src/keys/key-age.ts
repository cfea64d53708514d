// Which of several keys is the oldest: until told otherwise the oldest signs, since servers may not know a newer one yet. The
// age stands in the files that `generateKeyPair` writes. Of any other file there is the time of its last change, which in a
// mounted secret is that of the mount, the same for all.
import { toSign } from './key-ring.js';
import type { SmartBackendKeys } from './smart-backend-keys.js';
import type { FoundKey, KeyFile } from './key-text.js';
import { SmartKeyError } from './smart-key-error.js';

export interface LoadedKey extends FoundKey {
  readonly key: SmartBackendKeys;
}

/** Archives and some file systems keep whole seconds, and the files of a mount are written one after the other. */
const SAME_MTIME_MS = 1000;

/** The oldest first, as far as every age is known; keys of one age stay in their order. */
export function oldestFirst<K extends FoundKey>(keys: readonly K[]): readonly K[] {
  const isKnown = keys.every((key) => ageOf(key) !== undefined);
  return isKnown ? keys.toSorted((one, other) => (ageOf(one) ?? 0) - (ageOf(other) ?? 0)) : keys;
}

/** @throws SmartKeyError `ambiguous` when keys of two files have one age, so that nobody can say which is to sign */
export function assertAges(sorted: readonly LoadedKey[]): void {
  const at = sorted.findIndex((key, index) => isSameAge(sorted[index - 1], key));
  const twins = at < 0 ? [] : sorted.slice(at - 1, at + 1);
  if (twins.length === 0) return;
  const [paths, kids] = [twins.map(({ file }) => file?.path), twins.map(({ key }) => JSON.stringify(key.kid))];
  throw new SmartKeyError(
    'ambiguous',
    `${paths.join(' and ')} have the same age, so it is unknown which key servers have known for longer. Say which one signs: ${kids.map((kid) => `{ signWith: ${kid} }`).join(' or ')}; or write the age into the files: "created" in a JWK, "# created: 2026-01-31T12:00:00Z" above BEGIN in a PEM`,
  );
}

/** The key of that kid before all others, and marked for a ring. @throws SmartKeyError `missing` */
export function signingFirst(keys: readonly SmartBackendKeys[], kid: string): readonly SmartBackendKeys[] {
  const signing = keys.find((key) => key.kid === kid);
  if (signing) return [toSign(signing), ...keys.filter((key) => key !== signing)];
  const kids = keys.map((key) => JSON.stringify(key.kid)).join(', ');
  throw new SmartKeyError('missing', `signWith names no key that was found; there are ${kids}`);
}

function ageOf({ createdMs, file }: FoundKey): number | undefined {
  return createdMs ?? file?.mtimeMs;
}

/** The order within one file is its author's. */
function isSameAge(one: LoadedKey | undefined, other: LoadedKey): boolean {
  const files: readonly (KeyFile | undefined)[] = [one?.file, other.file];
  if (one === undefined || files.includes(undefined) || one.file?.path === other.file?.path) return false;
  const apartMs = (ageOf(other) ?? 0) - (ageOf(one) ?? 0);
  return one.createdMs === undefined || other.createdMs === undefined ? apartMs < SAME_MTIME_MS : apartMs === 0;
}
