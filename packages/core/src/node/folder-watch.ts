// Tells when a file in a folder was made, replaced or removed. All who ask about one folder share a watcher, which keeps no
// process alive. A folder that is not there yet is waited for in the nearest one above it.
import { statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** On Deno a watcher keeps the process alive, whatever it is told: there nothing is watched, which costs a hint. */
const CAN_WATCH = !('Deno' in globalThis);

/** Watches the folder of `path`, and calls `changed` when something may have happened to it. @returns ends it */
export type WatchFile = (path: string, changed: () => void) => () => void;

/** One watcher a folder, for all that the returned function is asked about. */
export function folderWatchers(): WatchFile {
  const folders = new Map<string, WatchedFolder>();
  return (path, changed) => {
    const folder = dirname(path);
    const watched = folders.get(folder) ?? new WatchedFolder(folder);
    folders.set(folder, watched);
    const listener = { name: basename(path), changed };
    watched.add(listener);
    return () => {
      watched.remove(listener);
      if (watched.isUnused && folders.get(folder) === watched) folders.delete(folder);
    };
  };
}

interface Listener {
  readonly name: string;
  readonly changed: () => void;
}

class WatchedFolder {
  readonly #path: string;
  readonly #listeners = new Set<Listener>();
  #watcher: { close(): void } | undefined;
  /** What is watched: the folder, or the nearest one above it; by what tells it from another of the same name. */
  #place = '';

  constructor(path: string) {
    this.#path = path;
  }

  get isUnused(): boolean {
    return this.#listeners.size === 0;
  }

  /** @throws the file system's error where nothing can be watched (any more: ENOSPC, EMFILE) */
  add(listener: Listener): void {
    if (!this.#watcher && CAN_WATCH) this.#begin();
    this.#listeners.add(listener);
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.isUnused) this.#end();
  }

  #begin(): void {
    const place = nearest(this.#path);
    const watcher = watch(place.path, { persistent: false }, (_event, name) => this.#heard(name));
    watcher.on('error', () => this.#end()); // what is heard is a hint: without it the file is read when it is needed
    this.#watcher = watcher;
    this.#place = place.id;
  }

  #end(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** @param name of what has changed, where the system tells */
  #heard(name: string | null): void {
    const isElsewhere = this.#place !== nearest(this.#path).id;
    if (isElsewhere) this.#moved();
    for (const listener of this.#listeners)
      if (isElsewhere || name === null || name === listener.name) listener.changed();
  }

  /** The folder was made, or removed, or another stands in its place. */
  #moved(): void {
    this.#end();
    try {
      this.#begin();
    } catch {
      // a hint less
    }
  }
}

/** The folder, or the nearest one above it that is there. The number of one that was removed may be given to the next. */
function nearest(path: string): { readonly path: string; readonly id: string } {
  const found = statSync(path, { throwIfNoEntry: false });
  const above = dirname(path);
  return found || above === path ? { path, id: `${found?.dev}:${found?.ino}:${found?.birthtimeMs}` } : nearest(above);
}
