// `keys show`, `keys jwks` and `keys serve`: the public halves. A key that has just stopped signing is among them.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stat } from 'node:fs/promises';
import { jwksHandler, loadKeys, publicJwks } from '@axios-authorizer/smart-backend';
import type { SmartBackendKeys } from '@axios-authorizer/smart-backend';
import { UsageError } from '../terminal/failure.js';
import { tableOf } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { keyPath, readKeyFolder } from './key-folder.js';
import { passphraseOf } from './generate.js';

export interface PublishOptions {
  readonly passphraseFrom?: string;
}

export interface ServeOptions extends PublishOptions {
  readonly host: string;
  readonly port: number;
  /** How long servers may keep it, in seconds. */
  readonly maxAge: number;
}

/** The public key set, as JSON. */
export async function printJwks(path: string, options: PublishOptions, terminal: Terminal): Promise<void> {
  const keys = await publishedKeys(keyPath(path, terminal), await passphraseOf(options.passphraseFrom, terminal));
  await terminal.stdout.write(`${JSON.stringify(await publicJwks(...keys), undefined, 2)}\n`);
}

/** Which keys there are, and which of them signs. */
export async function showKeys(
  path: string,
  options: PublishOptions & { readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const { signing, retired } = await foundAt(
    keyPath(path, terminal),
    await passphraseOf(options.passphraseFrom, terminal),
  );
  const shown = [
    ...signing.map(({ key, createdAt }, index) => shownKey(key, index === 0 ? 'signs' : 'published', createdAt)),
    ...retired.map(({ key, retiredAt }) => shownKey(key, 'retired', retiredAt)),
  ];
  if (options.json) return terminal.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  const rows = shown.map(({ kid, alg, state, since }) => [kid, alg, state, since]);
  return terminal.stdout.write(tableOf(['KID', 'ALG', 'STATE', 'SINCE'], rows));
}

interface ShownKey {
  readonly kid: string;
  readonly alg: string;
  readonly state: string;
  readonly since: string;
  readonly publicKeyPem: string;
}

function shownKey({ kid, alg, publicKeyPem }: SmartBackendKeys, state: string, since: Date | undefined): ShownKey {
  return { kid, alg, state, since: since?.toISOString() ?? '', publicKeyPem };
}

/** Serves the key set until Ctrl-C. The files are read at each request: a rotation shows at once. */
export async function serveJwks(path: string, options: ServeOptions, terminal: Terminal): Promise<void> {
  const { host, port, maxAge } = options;
  const passphrase = await passphraseOf(options.passphraseFrom, terminal);
  const at = keyPath(path, terminal);
  await publicJwks(...(await publishedKeys(at, passphrase))); // now rather than at the first request
  const answer = jwksHandler(() => publishedKeys(at, passphrase), { maxAgeMs: maxAge * 1000 });
  const server = createServer((request, response) => void answer(request, response));
  const { port: taken } = await listening(server, host, port);
  await terminal.stderr.write(`axios-authorizer: key set at ${urlOf(host, taken)}, until Ctrl-C\n`);
  await new Promise<void>((resolve) => {
    terminal.interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
  server.close();
  server.closeAllConnections();
}

function listening(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address);
      else reject(new UsageError('--host must be an address or a name'));
    });
  });
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/jwks.json`;
}

async function publishedKeys(path: string, passphrase: string | undefined): Promise<readonly SmartBackendKeys[]> {
  const { signing, retired } = await foundAt(path, passphrase);
  return [...signing, ...retired].map(({ key }) => key);
}

interface Found {
  readonly signing: readonly { readonly key: SmartBackendKeys; readonly createdAt?: Date }[];
  readonly retired: readonly { readonly key: SmartBackendKeys; readonly retiredAt: Date }[];
}

/** A file may hold several keys; only a folder can be in rotation. */
async function foundAt(path: string, passphrase: string | undefined): Promise<Found> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder) return readKeyFolder(path, passphrase);
  const keys = await loadKeys(path, passphrase === undefined ? {} : { passphrase });
  return { signing: keys.map((key) => ({ key })), retired: [] };
}
