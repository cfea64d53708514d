const LONGEST_TEXT = 300;

/** A text that anybody may have written: short, on one line, and in the direction in which it is read. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').slice(0, LONGEST_TEXT);
}
