// Keeps the key of proofs (core/dpop) in a file that only its owner can read, beside the token file.
import { resolve } from 'node:path';
import { ConfigurationError } from '../index.js';
import type { ProofKeyStore } from '../index.js';
import { asString, parseObject } from '../extend.js';
import { contentOf, makePrivateFolder, withOwnedFile } from './owned-file.js';
import { thisPlatform, unlessCode } from './platform.js';
import type { FileSystem } from './platform.js';
import { placeFile } from './private-file.js';

/**
 * A store for the key of `dpopProof`, for the processes of one machine: a private JWK in the file at `path`, 0600, in a folder that
 * only the owner can enter when it has to be made. The first process makes it, all use it. Whoever can read the file can use the
 * tokens that are bound to its key: keep it as safe as the token file.
 * @throws ConfigurationError for an empty path; `dpopProof` throws it for what is no private JWK, another user's or no regular file,
 *   and for a folder that others can write to, besides the file system's errors
 *
 * @example
 * ```ts
 * import { dpopProof } from '@axios-authorizer/core/dpop';
 * import { fileKeyStore } from '@axios-authorizer/core/node';
 * const proof = await dpopProof({ keyStore: fileKeyStore('/var/lib/reports/key.json') }); // the next run has the same key
 * ```
 */
export function fileKeyStore(path: string): ProofKeyStore {
  if (!asString(path)) throw new ConfigurationError('fileKeyStore needs the path of a file');
  const file = resolve(path);
  const { fs } = thisPlatform;
  return {
    keep: async (make) => (await keyIn(fs, file)) ?? kept(fs, file, await jwkOf(await make())),
  };
}

async function keyIn(fs: FileSystem, file: string): Promise<JsonWebKey | undefined> {
  return withOwnedFile(fs, file, async (handle, status) => {
    const jwk: JsonWebKey | undefined = parseObject((await contentOf(handle, status)) ?? '');
    if (jwk?.kty !== undefined && jwk.d !== undefined) return jwk;
    throw new ConfigurationError(
      `${file} holds no private JWK: name another file, or remove it to have a new key made`,
    );
  });
}

/** A name that is taken already is not given again: of two processes one is first, and both use its key. */
async function kept(fs: FileSystem, file: string, made: JsonWebKey): Promise<JsonWebKey> {
  await makePrivateFolder(fs, file);
  await unlessCode('EEXIST', placeFile(thisPlatform, { path: file, text: JSON.stringify(made), overwrite: false }));
  return (await keyIn(fs, file)) ?? made;
}

async function jwkOf({ privateKey }: CryptoKeyPair): Promise<JsonWebKey> {
  if (!privateKey.extractable)
    throw new ConfigurationError('A key that cannot be read cannot be kept in a file: leave `extractable: false` out');
  return crypto.subtle.exportKey('jwk', privateKey);
}
