// How far the list is: on a terminal one line that is drawn again and again, into a pipe plain lines. It goes to the
// standard error, so that the list itself can be piped on.

const BAR = 24;
const CLEAR = '\r\u001B[K';

export function startProgress(stream = process.stderr) {
  return stream.isTTY === true && process.env.TERM !== 'dumb' ? terminal(stream) : pipe(stream);
}

function pipe(stream) {
  const say = (text) => void stream.write(`${text}\n`);
  return { say, page: (progress) => say(words(progress)), hide: () => undefined, stop: () => undefined };
}

function terminal(stream) {
  let line = '';
  const draw = () => void stream.write(`${CLEAR}${line.slice(0, (stream.columns || 80) - 1)}`);
  const hide = () => void stream.write(CLEAR);
  return {
    say: (text) => {
      stream.write(`${CLEAR}${text}\n`);
      draw();
    },
    page: (progress) => {
      line = `${bar(progress)} ${words(progress)}`;
      draw();
    },
    hide,
    stop: () => {
      line = '';
      hide();
    },
  };
}

function words({ items, total, pageIndex }) {
  const of = total === undefined ? '' : ` of ${number(total)}`;
  return `page ${pageIndex + 1}: ${number(items)}${of} components`;
}

/** No bar without an end to it. */
function bar({ items, total }) {
  const full = total ? Math.round((Math.min(items, total) / total) * BAR) : 0;
  return paint(total === undefined ? ' '.repeat(BAR) : '█'.repeat(full).padEnd(BAR, '░'));
}

function paint(text) {
  return (process.env.NO_COLOR ?? '') === '' ? `\u001B[32m${text}\u001B[0m` : text;
}

export function number(value) {
  return value.toLocaleString('en');
}
