// What is searched for as a secret must not stand in a text by chance, as "token-1" would.
import { randomBytes } from 'node:crypto';

export function randomText(): string {
  return randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x');
}
