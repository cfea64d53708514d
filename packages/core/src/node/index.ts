// What of core runs on Node only: @axios-authorizer/core/node.
export { fileKeyStore } from './file-key-store.js';
export { fileTokenStore } from './file-token-store.js';
export type { EncryptionKey } from './entry-cipher.js';
export type { FileTokenStoreOptions } from './file-token-store.js';
export { makeFolder } from './make-folder.js';
export { removeUnfinishedFiles, writePrivateFile } from './private-file.js';
export type { WritePrivateFileOptions } from './private-file.js';
export { execSource } from './sources/exec-source.js';
export type { ExecSourceOptions } from './sources/exec-source.js';
export { fileSource } from './sources/file-source.js';
export type { FileSourceOptions } from './sources/file-source.js';
