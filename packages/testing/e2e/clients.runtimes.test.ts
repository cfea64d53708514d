// Bun and Deno bring servers, sockets and printers of their own: what a test starts must work there as well.
import { clientNames, otherRuntimes, runOn } from '@axios-authorizer/test-kit';
import { join } from 'node:path';

const cwd = join(__dirname, '..');
const requests = ['200 Bearer #1', '401 Bearer #2', '200 Bearer #3', '500 Bearer #3'];

describe.each(otherRuntimes)('on %s', (runtime) => {
  it.each(clientNames)('%s lets a token expire and be rejected, by a server and without one', async (name) => {
    expect(JSON.parse(await runOn(runtime, [join(__dirname, 'fixtures', name)], { cwd }))).toEqual([
      requests,
      requests,
    ]);
  });
});
