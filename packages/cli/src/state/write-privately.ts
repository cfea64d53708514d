// Writes a file that only its owner can read, whole or not at all: a full disk or a kill leaves what stood there.
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '@axios-authorizer/core/node';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export async function writePrivately(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path), FOLDER_MODE);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', FILE_MODE);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
