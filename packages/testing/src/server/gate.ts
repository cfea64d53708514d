// A test that asks "what happens while the answer is still on its way?" needs to hold that answer and to let it go at a
// moment of its own choosing. A gate is that moment: servers wait for `opened`, the test calls `open()`.

/** A moment of the test's choosing: servers wait for `opened`, the test calls `open()`. */
export interface Gate {
  /** Resolves when the gate is opened; never rejects. */
  readonly opened: Promise<void>;
  /** Lets everyone through, now and later. */
  readonly open: () => void;
}

/**
 * A closed gate.
 * @example
 * ```ts
 * const { opened, open } = gate();
 * const server = await startLoopback((request, response) => reply(response, { after: opened }, () => ({})));
 * open(); // every answer that waited goes out
 * ```
 */
export function gate(): Gate {
  let letThrough: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  return { opened, open: () => letThrough?.() };
}
