// Tells when another has changed an entry of the store's file. Locks come and go beside it all the time, and the file holds
// other entries as well: what is in it decides, not that something has happened.
import { Subscribers } from '../token/store.js';
import { readDocument } from './store-file.js';
import type { StoreFile } from './store-file.js';

export class EntryNews {
  readonly #file: StoreFile;
  readonly #name: string;
  readonly #isOwn: (entry: string) => boolean;
  readonly #subscribers = new Subscribers();
  #unwatch: (() => void) | undefined;
  /** The entry as it was read last. */
  #known: string | undefined;
  #isLooking = false;
  #isStirred = false;

  /** @param isOwn whether an entry is what this very store object has written */
  constructor(file: StoreFile, name: string, isOwn: (entry: string) => boolean) {
    this.#file = file;
    this.#name = name;
    this.#isOwn = isOwn;
  }

  /** @throws the file system's error where nothing can be watched */
  subscribe(changed: () => void): () => void {
    const { path, platform } = this.#file;
    this.#unwatch ??= platform.watch(path, () => void this.#stirred());
    const leave = this.#subscribers.add(changed);
    return () => {
      leave();
      if (this.#subscribers.size > 0) return;
      this.#unwatch?.();
      this.#unwatch = undefined;
    };
  }

  /** One look for all that happens at once, and one more for what happens meanwhile. */
  async #stirred(): Promise<void> {
    this.#isStirred = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#isStirred) {
      this.#isStirred = false;
      await this.#look().catch(() => undefined); // what cannot be read is told to whoever loads it
    }
    this.#isLooking = false;
  }

  async #look(): Promise<void> {
    const found = (await readDocument(this.#file))?.entries.get(this.#name);
    const entry = found && JSON.stringify(found);
    const isKnown = entry === undefined || entry === this.#known;
    this.#known = entry;
    // of several who share this object the others want to know as well
    if (!isKnown && !(this.#isOwn(entry) && this.#subscribers.size === 1)) this.#subscribers.tell();
  }
}
