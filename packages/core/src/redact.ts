// Blanks secrets out of texts of others, in whatever form they were written: as they are, encoded, escaped, in base64, split by
// line ends, cut. The text is unfolded layer by layer, each is searched, and what is found is blanked out where it stood.
import { encodeBase64 } from './base64.js';
import { dense, unfolded } from './unfolding.js';
import type { Layer, Span } from './unfolding.js';

const REDACTED = '[redacted]';
/** A word that is shorter is in every text, and guessed at once. */
const SHORTEST_SECRET = 4;
/** What is shorter counts only as a word of its own. */
const SHORTEST_PART_OF_WORD = 6;
/** Of a longer secret a piece is secret, too: half of it, between 10 and 20 characters. */
const SHORTEST_PIECE = 10;
const LONGEST_PIECE = 20;

/**
 * `text` with each secret replaced by "[redacted]", and whatever looks like a JWT. Of a secret of more than 10 characters
 * pieces count as well (half of it, 20 at most); one of 4 or 5 only where it is a word of its own; one below 4 is no secret.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return redactor(secrets)(text);
}

/** `redact` for many texts. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const finders = [...new Set(secrets.flatMap(formsOf))].map(finderOf);
  return (text) => {
    const spans = [...text.matchAll(JWT)].map(({ index, 0: jwt }): Span => [index, index + jwt.length]);
    for (const whole of finders.length > 0 ? unfolded(text) : []) {
      const searched = { whole, dense: dense(whole) };
      for (const find of finders) spans.push(...find(searched));
    }
    return spans.length > 0 ? blanked(text, spans) : text;
  };
}

/** Three parts in base64url, the first of which begins with `{"`; also when it is cut. */
const JWT = /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g;

function blanked(text: string, spans: readonly Span[]): string {
  let [clean, at] = ['', 0];
  for (const [from, to] of joined(spans)) {
    clean += text.slice(at, from) + REDACTED;
    at = to;
  }
  return clean + text.slice(at);
}

/** In order, and those that touch as one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const apart: Span[] = [];
  for (const [from, to] of spans.toSorted(([one], [other]) => one - other)) {
    const last = apart.at(-1);
    if (last && from <= last[1]) apart[apart.length - 1] = [last[0], Math.max(last[1], to)];
    else apart.push([from, to]);
  }
  return apart;
}

/** What a secret may be in some layer: itself, what it would unfold to, and both in base64. */
function formsOf(secret: string): readonly string[] {
  const forms = unfolded(secret).map(({ text }) => text);
  const wrapped = secret.length < SHORTEST_PART_OF_WORD ? [] : [secret, quoted(secret), formEncoded(secret)];
  return [...forms, ...wrapped.flatMap(base64Of)].filter(({ length }) => length >= SHORTEST_SECRET);
}

function quoted(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
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
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

type Finder = (searched: { readonly whole: Layer; readonly dense: Layer }) => readonly Span[];

function finderOf(form: string): Finder {
  const { text } = dense({ text: form, spanOf: (from, to) => [from, to] });
  return text.length > SHORTEST_PIECE ? pieceFinder(text) : wordFinder(form);
}

/** A short one must be there whole; between its characters a line may end. */
function wordFinder(form: string): Finder {
  const characters = Array.from(form, (c) => (/[ +]/.test(c) ? '[ +]' : c.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')));
  const word = characters.join('(?:[\\r\\n]+[ \\t]*)?');
  const edged = form.length < SHORTEST_PART_OF_WORD ? `(?<![\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])` : word;
  const pattern = new RegExp(edged, 'gu');
  return ({ whole }) =>
    [...whole.text.matchAll(pattern)].map(({ index, 0: found }) => whole.spanOf(index, index + found.length));
}

/** Looks up every so many characters: a piece holds one of those samples whole, and is followed from there both ways. */
function pieceFinder(secret: string): Finder {
  const shortest = Math.min(LONGEST_PIECE, Math.max(SHORTEST_PIECE, Math.ceil(secret.length / 2)));
  const size = Math.floor(shortest / 2);
  const places = placesOf(secret, size);
  return ({ dense: layer }) => {
    const { text } = layer;
    const spans: Span[] = [];
    for (let at = 0, done = 0; at + size <= text.length; at += size) {
      const runs = places
        .get(text.slice(at, at + size))
        ?.map((place) => commonRun({ text, at, done }, { secret, place }));
      for (const [from, to] of runs ?? [])
        if (to - from >= shortest) {
          spans.push(layer.spanOf(from, to));
          done = Math.max(done, to);
        }
      at = Math.max(at, done - 2 * size);
    }
    return spans;
  };
}

/** So many that nothing is overlooked, so few that a secret of one character repeated costs no more. */
const MOST_PLACES = 8;

function placesOf(secret: string, size: number): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (let at = 0; at + size <= secret.length; at++) {
    const sample = secret.slice(at, at + size);
    const known = places.get(sample) ?? [];
    if (known.length < MOST_PLACES) places.set(sample, [...known, at]);
  }
  return places;
}

/** How far text and secret are the same around a sample. */
function commonRun(
  { text, at, done }: { readonly text: string; readonly at: number; readonly done: number },
  { secret, place }: { readonly secret: string; readonly place: number },
): Span {
  let [before, after] = [0, 0];
  while (at - before > done && before < place && text[at - before - 1] === secret[place - before - 1]) before++;
  while (place + after < secret.length && at + after < text.length && text[at + after] === secret[place + after])
    after++;
  return [at - before, at + after];
}
