// Bun and Deno bring a network and a cryptography of their own: what users write for Node must run there as well.
import { clientNames, otherRuntimes } from '@axios-authorizer/test-kit';
import { join } from 'node:path';
import { healthy, runClient } from './dist-service.js';

describe.each(otherRuntimes)('on %s', (runtime) => {
  it.each(clientNames)(
    '%s signs in by SRP, is let in, is told of a challenge, and verifies its token (G1, G2, G5)',
    async (name) => {
      expect(await runClient([join(__dirname, 'fixtures', name)], join(__dirname, '..'), runtime)).toEqual(healthy);
    },
  );
});
