// Bun and Deno bring a network and a cryptography of their own: what users write for Node must run there as well.
import { clientNames, otherRuntimes, runOn } from '@axios-authorizer/test-kit';
import { join } from 'node:path';
import { healthy, runClient } from './dist-service.js';

const cwd = join(__dirname, '..');
const fixture = (name: string): string => join(__dirname, 'fixtures', name);

describe.each(otherRuntimes)('on %s', (runtime) => {
  it.each(clientNames)('%s reads patients with keys and signers (S2)', async (name) => {
    expect(await runClient([fixture(name)], cwd, runtime)).toEqual(healthy);
  });

  it.each([
    ['rsa', 'n'],
    ['ec', 'x'],
  ])('a private %s key whose %s is another key’s is malformed (S4)', async (type, member) => {
    expect(await runOn(runtime, [fixture('mixed-key.mjs'), type, member], { cwd })).toBe('malformed');
  });
});
