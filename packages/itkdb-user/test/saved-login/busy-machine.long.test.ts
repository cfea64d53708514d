// A machine that has no time: reading a file, and telling whose a login in it is, wait for seconds. Is a login lost of it?
import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { another } from '../stage.js';
import { savingWorld } from './stage.js';

/** Takes each of the four threads that files and hashes go by for longer than a store is usually given, 2 s. */
async function threadsTaken(): Promise<void> {
  const derive = promisify<string, string, number, object, unknown>(scrypt);
  await Promise.all(Array.from({ length: 4 }, () => derive('busy', 'machine', 32, { N: 2 ** 14, r: 8, p: 24 })));
}

it('two users on one file log in once, though the machine is busy for seconds (I2)', async () => {
  const here = await savingWorld({ clock: 'system' });
  const busy = threadsTaken();
  const users = [here.user, another(here)];
  await Promise.all(users.map((user) => user.authenticate()));
  await busy;
  expect(new Set(users.map(({ bearer }) => bearer)).size).toBe(1);
  expect(here.itkdb.logins).toBe(1);
}, 60_000);
