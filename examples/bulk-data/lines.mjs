// Counts what goes by, without keeping any of it: bytes, and the resources of NDJSON, one to a line.

import { Transform } from 'node:stream';

const NEWLINE = 10;

export class LineCounter extends Transform {
  bytes = 0;
  lines = 0;
  /** The last line has begun and not ended; it need not end. */
  #isOpen = false;
  #passed;

  /** @param passed called after each piece */
  constructor(passed) {
    super();
    this.#passed = passed;
  }

  _transform(chunk, _encoding, done) {
    this.bytes += chunk.length;
    this.#count(chunk);
    this.#passed(this);
    done(undefined, chunk);
  }

  _flush(done) {
    if (this.#isOpen) this.lines += 1;
    this.#passed(this);
    done();
  }

  /** Empty lines hold no resource. */
  #count(chunk) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      if (to > from || this.#isOpen) this.lines += 1;
      this.#isOpen = false;
      from = to + 1;
    }
    if (from < chunk.length) this.#isOpen = true;
  }
}
