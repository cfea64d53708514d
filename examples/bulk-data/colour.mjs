// Colour on a terminal that wants it, plain text anywhere else.

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

const wanted = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';

export function paint(colour, text) {
  return wanted ? `\u001B[${codes[colour]}m${text}\u001B[0m` : text;
}
