// What a program in JavaScript may do to a factory that no compiler holds back: call it with nothing, or with a text.

export type UntypedCall = (...args: readonly unknown[]) => unknown;

/** A function as JavaScript calls it. */
export function untyped(of: (...args: never[]) => unknown): UntypedCall {
  return (...args) => Reflect.apply(of, undefined, args) as unknown;
}

/** A class as JavaScript calls it. */
export function constructing(of: new (...args: never[]) => unknown): UntypedCall {
  return (...args) => Reflect.construct(of, args) as unknown;
}

/** What `made` throws or rejects with; undefined when it does neither. */
export async function thrownBy(made: () => unknown): Promise<unknown> {
  try {
    await made();
    return undefined;
  } catch (error) {
    return error;
  }
}

const NOTHINGS: readonly (readonly [what: string, args: readonly unknown[]])[] = [
  ['nothing', []],
  ['{}', [{}]],
  ['null', [null]],
  ['a text', ['text']],
];

/** What needs options, and the words that it says without them. */
export type Needy = readonly (readonly [name: string, call: UntypedCall, words: RegExp])[];

/** Each of `needy`, called with nothing, `{}`, null and a text; rows for a table of tests. */
export function calledWithNothing(
  needy: Needy,
): readonly (readonly [name: string, what: string, call: () => unknown, words: RegExp])[] {
  return needy.flatMap(([name, call, words]) =>
    NOTHINGS.map(([what, args]) => [name, what, () => call(...args), words] as const),
  );
}
