// The key that seals stored tokens. The keyring holds the key, the file the token: a keyring is slow and small, and a file alone
// could be copied.
import { randomBytes } from 'node:crypto';
import { findInKeyring, storeInKeyring } from '../secrets/keyring.js';
import { readSecret, secretPlace } from '../secrets/secret-source.js';
import type { Service } from '../services/service.js';
import type { Terminal } from '../terminal/terminal.js';

const KEY_BYTES = 32;

/** The key as base64; undefined when tokens are not sealed. One that the keyring does not have is made, and kept there. */
export async function storeKeyOf(
  service: Pick<Service, 'storeKey' | 'folder'>,
  terminal: Terminal,
): Promise<string | undefined> {
  if (service.storeKey === undefined) return undefined;
  const place = secretPlace(service.storeKey, 'storeKey');
  if (place.by === 'keyring') await makeInKeyring(place.at, terminal);
  const instead = 'openssl rand -base64 32 makes one';
  return readSecret(place, { what: 'the key of the token store', instead, folder: service.folder }, terminal);
}

async function makeInKeyring(at: string, terminal: Terminal): Promise<void> {
  if ((await findInKeyring(at, terminal)) !== undefined) return;
  await storeInKeyring(at, randomBytes(KEY_BYTES).toString('base64'), terminal);
}
