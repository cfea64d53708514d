// Every server of the kit is this one with another handler: a real socket on the loopback interface, a record of what
// arrived byte for byte, and a stop that leaves no connection behind, so that a test run ends by itself.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** One request as it arrived, recorded when its body was complete. */
export interface Received {
  /** The HTTP method in capitals, such as "POST". */
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  /** The headers as Node parses them: names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were sent: spelling, order and repetition kept. */
  readonly rawHeaders: readonly string[];
  /** The body's bytes; empty when there was none. */
  readonly body: Buffer;
  /** Real time of arrival, milliseconds since the epoch. */
  readonly at: number;
}

/** A server on 127.0.0.1, as {@link startLoopback} returns it. */
export interface LoopbackServer {
  /** `http://127.0.0.1:port`, or https with `tls`. */
  readonly origin: string;
  /** Every request whose body arrived whole, in order. */
  readonly requests: Received[];
  /** Destroys every connection and resolves when the port is free; may be called twice. */
  stop(): Promise<void>;
}

/**
 * Answers one request. `raw` is Node's own request, for what {@link Received} does not hold; its body has been read.
 */
export type LoopbackHandler = (
  request: Received,
  response: ServerResponse,
  raw: IncomingMessage,
) => void | Promise<void>;

/** The options of {@link startLoopback}. */
export interface LoopbackOptions {
  /** Serve https with this PEM key and certificate; default plain http. */
  readonly tls?: {
    /** The private key, PEM. */
    readonly key: string | Buffer;
    /** Its certificate, PEM. */
    readonly cert: string | Buffer;
  };
  /** The port to listen on. Default: a free one. */
  readonly port?: number | undefined;
  /** Whether the process may end while it listens: a test that fails before it closes its server then hangs nothing. Default false. */
  readonly unref?: boolean;
}

/**
 * Listens on 127.0.0.1, on a free port unless one is given. A handler that throws is answered for with 500, so that no test hangs on it.
 * @example
 * ```ts
 * const server = await startLoopback((request, response) => void response.end('hello'));
 * await client.get(server.origin);
 * const { length } = server.requests; // 1
 * await server.stop();
 * ```
 */
export async function startLoopback(handle: LoopbackHandler, options: LoopbackOptions = {}): Promise<LoopbackServer> {
  const requests: Received[] = [];
  const server = listenerFor(options);
  server.on('request', (raw: IncomingMessage, response: ServerResponse) => {
    serve(raw, response, { requests, handle }).catch((error: unknown) => fail(response, error));
  });
  const sockets = trackSockets(server, options);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  if (options.unref === true) server.unref();
  return {
    origin: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${portOf(server)}`,
    requests,
    stop: () => stop(server, sockets),
  };
}

function listenerFor({ tls }: LoopbackOptions): Server {
  const server = tls === undefined ? createServer() : createTlsServer({ ...tls });
  // An idle connection is never closed from this side: a client that reuses it at that very moment would see a reset.
  server.keepAliveTimeout = 0;
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function serve(
  raw: IncomingMessage,
  response: ServerResponse,
  { requests, handle }: { readonly requests: Received[]; readonly handle: LoopbackHandler },
): Promise<void> {
  const body = await readBody(raw);
  if (body === undefined) {
    return;
  }
  const { method = '', url = '', headers, rawHeaders } = raw;
  const received = { method, url, headers, rawHeaders, body, at: Date.now() };
  requests.push(received);
  await handle(received, response, raw);
}

/** The whole body, or undefined when the client left in the middle of it. */
async function readBody(raw: IncomingMessage): Promise<Buffer | undefined> {
  try {
    return await buffer(raw);
  } catch {
    return undefined;
  }
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'text/plain' }).end(`The test server's handler failed: ${String(error)}`);
}

function trackSockets(server: Server, { unref = false }: LoopbackOptions): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    if (unref) socket.unref();
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function stop(server: Server, sockets: Set<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) {
      socket.destroy();
    }
  });
}
