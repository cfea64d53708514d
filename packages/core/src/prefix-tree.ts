// The prefixes of many allow lists, found segment by segment: looking one URL up costs its own length, not their number.

/** An origin, or a path segment below one. */
interface Place {
  readonly below: Map<string, Place>;
  /** How many times a prefix that ends here was added. */
  count: number;
}

export class PrefixTree {
  readonly #root: Place = emptyPlace();

  add(origin: string, path: string): void {
    let place = this.#root;
    for (const segment of segmentsOf(origin, path)) {
      const next = place.below.get(segment) ?? emptyPlace();
      place.below.set(segment, next);
      place = next;
    }
    place.count += 1;
  }

  /** Takes back one `add`; what nothing stands below of goes with it. */
  remove(origin: string, path: string): void {
    removeBelow(this.#root, segmentsOf(origin, path));
  }

  /** Whether a prefix covers `path` at `origin` by whole segments. */
  covers(origin: string, path: string): boolean {
    let place: Place | undefined = this.#root;
    for (const segment of segmentsOf(origin, path)) {
      place = place.below.get(segment);
      if (place === undefined || place.count > 0) break;
    }
    return place !== undefined && place.count > 0;
  }
}

function emptyPlace(): Place {
  return { below: new Map(), count: 0 };
}

/** @param path "" or "/…", without a slash at the end of a prefix */
function segmentsOf(origin: string, path: string): readonly string[] {
  return [origin, ...path.split('/').slice(1)];
}

function removeBelow(place: Place, [segment, ...others]: readonly string[]): void {
  const next = segment === undefined ? undefined : place.below.get(segment);
  if (segment === undefined || next === undefined) return void (place.count -= 1);
  removeBelow(next, others);
  if (next.count === 0 && next.below.size === 0) place.below.delete(segment);
}
