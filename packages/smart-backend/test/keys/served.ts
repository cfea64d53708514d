// A plain server of Node's, as it stands in a service, that is gone after the test.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JwksHandler } from '../../src/index.js';

const servers: Server[] = [];

/** The URL under which `handler` answers. */
export async function served(handler: JwksHandler): Promise<string> {
  const server = createServer((request, response) => void handler(request, response));
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});
