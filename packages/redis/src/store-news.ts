// Tells when another has saved or cleared the token. Whoever writes publishes the new generation; hearing of it takes a second
// connection, which all who share a store object share, and which is there only as long as somebody listens.
import { ConfigurationError } from '@axios-authorizer/core';
import type { Listening, Wire } from './redis-client.js';

export class StoreNews {
  readonly #wire: Wire;
  readonly #channel: string;
  readonly #isOwn: (generation: string) => boolean;
  readonly #subscribers = new Set<{ readonly changed: () => void }>();
  #listening: Listening | undefined;

  /** @param isOwn whether a generation is what this very store object has written */
  constructor(wire: Wire, channel: string, isOwn: (generation: string) => boolean) {
    this.#wire = wire;
    this.#channel = channel;
    this.#isOwn = isOwn;
  }

  /** @throws ConfigurationError for a client that cannot be duplicated */
  subscribe(changed: () => void): () => void {
    const listening = (this.#listening ??= this.#wire.listen(this.#channel, (message) => this.#heard(String(message))));
    if (!listening)
      throw new ConfigurationError(
        'The client of redisTokenStore has no duplicate(), so that nothing can listen: a sign-out on another machine is seen at the next acquisition',
      );
    const subscriber = { changed };
    this.#subscribers.add(subscriber);
    // what was published before was not heard
    listening.begun.then(
      () => this.#subscribers.has(subscriber) && changed(),
      () => undefined,
    );
    return () => {
      this.#subscribers.delete(subscriber);
      if (this.#subscribers.size > 0) return;
      this.#listening?.end();
      this.#listening = undefined;
    };
  }

  /** Of several who share this object the others want to know as well. */
  #heard(generation: string): void {
    if (this.#isOwn(generation) && this.#subscribers.size === 1) return;
    for (const { changed } of this.#subscribers) changed();
  }
}
