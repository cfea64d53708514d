// Undoes what servers, proxies and their pages do to a text that they pass on: percent-encoding, form-encoding, escapes of
// HTML and of JSON, one within another. Each character still knows where it stood in the text itself.

/** From, and up to, in the text itself. */
export type Span = readonly [from: number, to: number];

/** A text, and where each of its characters came from. */
export interface Layer {
  readonly text: string;
  spanOf(from: number, to: number): Span;
}

/** An encoding within an encoding, and so on. */
const MOST_LAYERS = 4;

/** The text as it is, what it is when its escapes are undone, what that is when its own are … */
export function unfolded(text: string): readonly Layer[] {
  const layers: Layer[] = [{ text, spanOf: (from, to) => [from, to] }];
  for (let layer = layers[0]; layer && layers.length <= MOST_LAYERS;) {
    const next: Layer = rewritten(layer, ESCAPE, unescaped);
    layer = next.text === layer.text ? undefined : next;
    if (layer) layers.push(layer);
  }
  return layers;
}

/** Without blanks, line ends and plus signs, which are blanks in a form. */
export function dense(layer: Layer): Layer {
  return rewritten(layer, /[\s+]+/g, () => '');
}

const ESCAPE = /(?:%[\da-f]{2})+|(?:\\u[\da-f]{4})+|\\x[\da-f]{2}|\\[bfnrt"'\\/]|&(?:#x?0*[\da-f]{1,6}|[a-z]{2,6});/gi;

/** Characters that were written as one, such as the two of a pair, are found as one. */
function rewritten(layer: Layer, pattern: RegExp, write: (found: string) => string): Layer {
  const pieces: string[] = [];
  const [starts, ends]: [number[], number[]] = [[], []];
  let at = 0;
  const copy = (upTo: number): void => {
    pieces.push(layer.text.slice(at, upTo));
    for (; at < upTo; at++) note(layer.spanOf(at, at + 1));
  };
  const note = ([from, to]: Span): void => void (starts.push(from), ends.push(to));
  for (const { index, 0: found } of layer.text.matchAll(pattern)) {
    copy(index);
    at += found.length;
    const written = write(found);
    pieces.push(written);
    for (let count = written.length; count > 0; count--) note(layer.spanOf(index, at));
  }
  if (at === 0) return layer;
  copy(layer.text.length);
  return { text: pieces.join(''), spanOf: (from, to) => [starts[from] ?? 0, ends[to - 1] ?? 0] };
}

function unescaped(found: string): string {
  if (found.startsWith('%')) return fromPercent(found);
  if (found.startsWith('&#'))
    return fromCode(/^&#x/i.test(found) ? `0${found.slice(2, -1)}` : found.slice(2, -1)) ?? found;
  if (found.startsWith('&')) return NAMED[found.slice(1, -1).toLowerCase()] ?? found;
  if (/^\\[ux]/i.test(found))
    return found.replaceAll(/\\[ux]([\da-f]+)/gi, (_, code: string) => fromCode(`0x${code}`) ?? '');
  return ESCAPED[found.slice(1)] ?? found.slice(1);
}

/** UTF-8, else byte by byte. */
function fromPercent(found: string): string {
  try {
    return decodeURIComponent(found);
  } catch {
    return found.replaceAll(/%(..)/g, (_, code: string) => fromCode(`0x${code}`) ?? '');
  }
}

function fromCode(code: string): string | undefined {
  const point = Number(code);
  return point <= 0x10_ff_ff ? String.fromCodePoint(point) : undefined;
}

const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Those of HTML that stand for what a secret may hold (HTML standard, section 13.5). */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  sol: '/',
  bsol: '\\',
  plus: '+',
  equals: '=',
  colon: ':',
  semi: ';',
  period: '.',
  comma: ',',
  lowbar: '_',
  percnt: '%',
  num: '#',
  quest: '?',
  excl: '!',
  dollar: '$',
  ast: '*',
  tilde: '~',
  nbsp: ' ',
};
