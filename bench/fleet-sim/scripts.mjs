// Runs the store's own Lua scripts: they use so little of the language that they can be rewritten as JavaScript word by word, which
// spares a second version of them that could differ. What is not known here is an error, never a guess.

const WORDS = [
  [/\blocal\s+/g, 'let '],
  [/\.\./g, '+'],
  [/==/g, '==='],
  [/~=/g, '!=='],
  [/\band\b/g, '&&'],
  [/\bor\b/g, '||'],
  [/\bif\b(.*?)\bthen\b/g, 'if ($1) {'],
  [/\bend\b/g, '}'],
  [/\b(?:KEYS|ARGV|standing|counted)\[(\d+)\]/g, (place, index) => place.replace(`[${index}]`, `[${index - 1}]`)],
  [/\bmath\.max\b/g, 'Math.max'],
  [/\btonumber\b/g, 'Number'],
  [/\btype\((\w+)\) === 'table'/g, "typeof $1 === 'object'"],
];
const KNOWN =
  /^(?:let|if|return|false|redis|call|pcall|Math|max|Number|typeof|object|err|KEYS|ARGV|standing|counted|left|marked|\d+)$/;

/** @returns a function of keys, arguments and `call`, which runs a command */
export function scriptOf(lua) {
  const text = WORDS.reduce((done, [word, with_]) => done.replaceAll(word, with_), lua);
  const unknown = text
    .replaceAll(/'[^']*'/g, '')
    .match(/\w+/g)
    ?.find((word) => !KNOWN.test(word));
  if (unknown !== undefined)
    throw new Error(`A script of the store has a word that bench/fleet-sim does not know: ${unknown}`);
  // oxlint-disable-next-line typescript/no-implied-eval -- the scripts of our own store, and only words that are listed above
  const run = new Function('KEYS', 'ARGV', 'redis', text);
  return (keys, args, call) => run(keys, args, { call, pcall: call });
}
