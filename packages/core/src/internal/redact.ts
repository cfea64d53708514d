// Blanks secrets out of texts of others, in whatever form they were written: as they are, percent-encoded, form-encoded, with
// the escapes of HTML and of JSON, one within another, in base64, split by line ends, cut. The text is unfolded layer by layer,
// each is searched, and what is found is blanked out where it stood.
const REDACTED = '[redacted]';
/** A word that is shorter is in every text, and guessed at once. */
const SHORTEST_SECRET = 4;
/** What is shorter counts only as a word of its own. */
const SHORTEST_PART_OF_WORD = 6;
/** Of a longer secret a piece is secret, too: half of it, between 10 and 20 characters. */
const SHORTEST_PIECE = 10;
const LONGEST_PIECE = 20;
/** An encoding within an encoding, and so on. */
const MOST_LAYERS = 4;

/** A text, and from where to where each of its characters stood in the text that is redacted. */
interface Layer {
  text: string;
  readonly from: number[];
  readonly to: number[];
}

/**
 * `text` with each secret replaced by "[redacted]", and whatever looks like a JWT. Of a secret of more than 10 characters
 * pieces count as well (half of it, 20 at most); one of 4 or 5 only where it is a word of its own; one below 4 is no secret.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return redactor(secrets)(text);
}

/** `redact` for many texts. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set([...new Set(secrets)].flatMap(formsOf))];
  const plus = plusAtAnEnd(secrets);
  return (text) => {
    const isSecret = new Uint8Array(text.length);
    for (const { index, 0: jwt } of text.matchAll(JWT)) isSecret.fill(1, index, index + jwt.length);
    for (const whole of forms.length > 0 ? unfolded(text) : []) {
      const dense = rewritten(whole, /[^]/g, densely);
      for (const form of forms) mark(isSecret, form.length < SHORTEST_PART_OF_WORD ? whole : dense, form);
    }
    return blanked(text, isSecret).replace(plus, REDACTED);
  };
}

/** What is blanked, and the plus signs next to it where a secret begins or ends with some: they are searched as blanks. */
function plusAtAnEnd(secrets: readonly string[]): RegExp {
  const [before, after] = [/^\+/, /\+$/].map((end) => (secrets.some((secret) => end.test(secret)) ? PLUS : ''));
  return new RegExp(`${before}\\[redacted\\]${after}`, 'gi');
}

const PLUS = '(?:\\+|%2b)*';

/** Three parts in base64url, the first of which begins with `{"`; also when it is cut. */
const JWT = /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g;

function blanked(text: string, isSecret: Uint8Array): string {
  let [clean, at] = ['', 0];
  for (let from = isSecret.indexOf(1); from >= 0; from = isSecret.indexOf(1, at)) {
    clean += text.slice(at, from) + REDACTED;
    at = isSecret.indexOf(0, from);
    if (at < 0) return clean;
  }
  return clean + text.slice(at);
}

/** What a secret may be in some layer: itself, what it would unfold to, and both in base64. */
function formsOf(secret: string): readonly string[] {
  const forms = MAY_UNFOLD.test(secret) ? unfolded(secret).map(({ text }) => text) : [secret];
  const written = new Set([secret, JSON.stringify(secret).slice(1, -1), formEncoded(secret)]);
  const wrapped = [...written].flatMap(base64Of);
  const known = secret.length < SHORTEST_PART_OF_WORD ? forms : [...forms, ...wrapped].map(densely);
  return known.filter(({ length }) => length >= SHORTEST_SECRET);
}

/** A value as application/x-www-form-urlencoded has it. */
export function formEncoded(value: string): string {
  return new URLSearchParams({ v: value }).toString().slice('v='.length);
}

/** What of base64 depends on the secret alone, wherever it stands in what was encoded; in both alphabets. */
function base64Of(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  return [0, 1, 2].flatMap((before) => {
    const all = new Uint8Array(before + bytes.length);
    all.set(bytes, before);
    const text = encodeBase64(all).slice(Math.ceil((before * 8) / 6), Math.floor((all.length * 8) / 6));
    return [text, text.replace(/\+/g, '-').replace(/\//g, '_')];
  });
}

/** Bytes in base64. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Without blanks, line ends, and plus signs, which are blanks in a form. */
function densely(text: string): string {
  return text.replace(/[\s+]+/g, '');
}

/** Marks where `form` stands, or a piece of it: two halves of the shortest that counts are looked up, then it is followed. */
function mark(isSecret: Uint8Array, { text, from, to }: Layer, form: string): void {
  const { length } = form;
  const least =
    length > SHORTEST_PIECE ? Math.min(LONGEST_PIECE, Math.max(SHORTEST_PIECE, Math.ceil(length / 2))) : length;
  const half = Math.floor(least / 2);
  for (let at = 0; at + least <= text.length;) {
    const isNear = form.includes(text.slice(at + least - half, at + least));
    const place = isNear ? form.indexOf(text.slice(at, at + least)) : -1;
    let size = place < 0 ? 0 : least;
    while (size > 0 && place + size < length && text[at + size] === form[place + size]) size++;
    if (size > 0 && (length >= SHORTEST_PART_OF_WORD || isWord(text, at, at + size)))
      isSecret.fill(1, from[at], to[at + size - 1]);
    at += size || (isNear ? 1 : least - half + 1);
  }
}

function isWord(text: string, from: number, to: number): boolean {
  return !/[\p{L}\p{N}_]/u.test(text.slice(from && from - 1, from) + text.slice(to, to + 1));
}

/** The text as it is, what it is when its escapes are undone, what that is when its own are … */
function unfolded(text: string): readonly Layer[] {
  const layers: Layer[] = [rewritten({ text, from: [], to: [] }, /[^]/g, (c) => c)];
  for (let last = layers[0]; last && MAY_UNFOLD.test(last.text) && layers.length <= MOST_LAYERS;) {
    const next: Layer = rewritten(last, ESCAPE, unescaped);
    last = next.text === last.text ? undefined : next;
    if (last) layers.push(last);
  }
  return layers;
}

/** What every escape begins with. */
const MAY_UNFOLD = /[%\\&]/;

/** An escape, or any one character. */
const ESCAPE = /(?:%[\da-f]{2})+|\\u[\da-f]{4}|\\x[\da-f]{2}|\\[bfnrt"'\\/]|&(?:#x?[\da-f]{1,7}|[a-z]{2,4});|[^]/gi;

/** What was written as one is found as one. */
function rewritten({ text, from, to }: Layer, pattern: RegExp, write: (found: string) => string): Layer {
  const next: Layer = { text: '', from: [], to: [] };
  for (const { index, 0: found } of text.matchAll(pattern)) {
    const written = write(found);
    const last = index + found.length - 1;
    for (let count = written.length; count > 0; count--) {
      next.from.push(from[index] ?? index);
      next.to.push(to[last] ?? last + 1);
    }
    next.text += written;
  }
  return next;
}

function unescaped(found: string): string {
  if (found.length === 1) return found;
  if (found.startsWith('%')) return fromPercent(found);
  if (/^(?:\\[ux]|&#)/i.test(found))
    return fromCode(found.replace(/^(?:\\[ux]|&#x)/i, '0x').replace(/^&#|;$/g, '')) ?? found;
  return NAMED[found.toLowerCase()] ?? (found.startsWith('&') ? found : found.slice(1));
}

/** UTF-8, else byte by byte. */
function fromPercent(found: string): string {
  try {
    return decodeURIComponent(found);
  } catch {
    return found.replace(/%(..)/g, (_, code: string) => fromCode(`0x${code}`) ?? '');
  }
}

function fromCode(code: string): string | undefined {
  const point = Number(code);
  return point <= 0x10_ff_ff ? String.fromCodePoint(point) : undefined;
}

const NAMED: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '\\b': '\b',
  '\\f': '\f',
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
};
