// Bun and Deno bring a network and a cryptography of their own: what users write for Node must run there as well.
import { clientNames, otherRuntimes } from '@axios-authorizer/test-kit';
import { join } from 'node:path';
import { healthy, runClient } from './dist-service.js';

describe.each(otherRuntimes)('on %s', (runtime) => {
  it.each(clientNames)('%s logs in, asks, goes through pages and is told of an error (I1, I4)', async (name) => {
    expect(await runClient([join(__dirname, 'fixtures', name)], join(__dirname, '..'), runtime)).toEqual(healthy);
  });
});
