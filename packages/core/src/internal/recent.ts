// A map that forgets: what keys without end (routes with ids in them, tokens) leave behind must not grow without end.

interface Entry<V> {
  readonly value: V;
  readonly at: number;
}

/** At most `most` entries, none older than `keepMs`. The oldest is forgotten first; setting makes an entry the newest. */
export class Recent<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #most: number;
  readonly #keepMs: number;

  constructor(most: number, keepMs: number) {
    this.#most = most;
    this.#keepMs = keepMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value;
  }

  set(key: string, value: V, now: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, at: now });
    if (this.#entries.size > this.#most) this.#forgetOldest();
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Forgets what is too old; looks at one entry more than it forgets. */
  prune(now: number): void {
    for (const [key, { at }] of this.#entries) {
      if (now - at < this.#keepMs) return;
      this.#entries.delete(key);
    }
  }

  *values(): Generator<V> {
    for (const { value } of this.#entries.values()) yield value;
  }

  #forgetOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}
