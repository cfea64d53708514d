// Apache stands before both servers. It tells how long a connection may idle and how many requests it still takes, and
// it may mean it: a client that reuses a connection at the wrong moment meets a reset.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const announcedSeconds = 5;
const maxRequests = 100;

export class ItkdbKeepAlive {
  readonly #left = new WeakMap<Socket, number>();
  readonly #idleMs: number | undefined;

  /** @param idleMs real time in milliseconds after which an idle connection is closed; undefined: never */
  constructor(idleMs: number | undefined) {
    this.#idleMs = idleMs;
  }

  /** Writes the connection's headers: max=100 first, then one less each time, and at last close. */
  stamp({ socket }: IncomingMessage, response: ServerResponse): void {
    const left = this.#left.get(socket) ?? maxRequests;
    this.#left.set(socket, left - 1);
    if (left > 0) {
      response.setHeader('keep-alive', `timeout=${announcedSeconds}, max=${left}`);
    } else {
      response.setHeader('connection', 'close');
    }
    this.#closeWhenIdle(socket, response);
  }

  /** Node's server destroys a socket whose own timeout has passed. */
  #closeWhenIdle(socket: Socket, response: ServerResponse): void {
    const idleMs = this.#idleMs;
    if (idleMs !== undefined) {
      socket.setTimeout(0);
      response.once('finish', () => socket.setTimeout(idleMs));
    }
  }
}
