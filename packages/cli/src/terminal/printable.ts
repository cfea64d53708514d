// What servers say is shown to people. A text of theirs must not move the cursor, hide a line or turn its direction.

/** Without control and formatting characters; line ends and tabs stay. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === '\n' || character === '\t' ? character : '',
  );
}

/** The same on one line. */
export function onOneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ');
}
