// What the Markdown of the pages becomes beyond VitePress's own.

/** A wide table scrolls in itself on a small screen, and so the keyboard must be able to reach it. */
export function keyboardTables(markdown) {
  markdown.renderer.rules.table_open = () => '<table tabindex="0">\n';
}
