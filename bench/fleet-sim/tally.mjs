// What is counted while the fleet runs. A phase begins with a clean sheet.

export class Tally {
  #sheet = cleanSheet();

  answered(sentAt, now, expiresAt) {
    this.#sheet.requests += 1;
    this.#sheet.longestMs = Math.max(this.#sheet.longestMs, now - sentAt);
    if (now > sentAt) this.#sheet.waited += 1;
    if (expiresAt <= now) this.#sheet.expiredGivenOut += 1;
  }

  failed(sentAt, now, code) {
    this.#sheet.requests += 1;
    this.#sheet.failed += 1;
    this.#sheet.longestFailureMs = Math.max(this.#sheet.longestFailureMs, now - sentAt);
    this.#sheet.codes[code] = (this.#sheet.codes[code] ?? 0) + 1;
  }

  command(name, at) {
    this.#sheet.commands += 1;
    const second = Math.floor(at / 1_000);
    this.#sheet.bySecond.set(second, (this.#sheet.bySecond.get(second) ?? 0) + 1);
    this.#sheet.byName[name] = (this.#sheet.byName[name] ?? 0) + 1;
  }

  /** What was counted since the last time. */
  taken() {
    const sheet = this.#sheet;
    this.#sheet = cleanSheet();
    return sheet;
  }
}

function cleanSheet() {
  return {
    requests: 0,
    waited: 0,
    longestMs: 0,
    failed: 0,
    longestFailureMs: 0,
    expiredGivenOut: 0,
    codes: {},
    commands: 0,
    byName: {},
    bySecond: new Map(),
  };
}
