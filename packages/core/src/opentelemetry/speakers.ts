// Ids of acquisitions count upwards within one authorizer. Where a second one speaks to the same observer they no longer say
// who waited for what, and a token no longer follows the one before it: better nothing is told of that than something wrong.
import type { AuthEvent } from '../token/observer.js';

export class Speakers {
  #newest = 0;
  #several = false;

  /** Whether more than one authorizer has been heard. */
  get several(): boolean {
    return this.#several;
  }

  hear(event: AuthEvent): void {
    if (event.type !== 'acquiring') return;
    if (event.id <= this.#newest) this.#several = true;
    this.#newest = event.id;
  }
}
