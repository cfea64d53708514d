// What a server says, as it may stand in a message: nobody's terminal obeys it, and no log takes it for a line of its own.
const LONGEST_TEXT = 300;
/** Controls (C0, C1 and DEL), line and paragraph separators, marks that turn or hide text, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu;

/**
 * A text of others on one line and short: what controls a terminal or hides text is a blank, and 300 characters are enough.
 *
 * @example
 * ```ts
 * oneLine('denied\r\n\u001b[2Jby policy'); // 'denied [2Jby policy'
 * ```
 */
export function oneLine(text: string): string {
  return text
    .replace(UNPRINTABLE, ' ')
    .slice(0, LONGEST_TEXT)
    .replace(/\p{Cs}$/u, '');
}
