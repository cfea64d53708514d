// Does a server process that cannot start say why, instead of leaving a test to time out?

import { startChild } from '../src/processes/child-server.js';

test('a process that ends before it is ready is reported with what it wrote to its error output', async () => {
  await expect(startChild('/no/such/server.mjs', {})).rejects.toThrow('Cannot find module');
});
