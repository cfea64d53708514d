// Lines that stay, and below them, on a terminal, lines that are drawn again and again. Into a pipe only what stays goes.

const DRAW_EVERY_MS = 100;

export function startScreen(stream = process.stdout) {
  return stream.isTTY === true ? terminal(stream) : pipe(stream);
}

function pipe(stream) {
  const say = (text) => void stream.write(`${text}\n`);
  return { isLive: false, say, live: () => undefined, settle: (_key, text) => say(text), stop: () => undefined };
}

function terminal(stream) {
  const lines = new Map();
  let drawn = 0;
  const draw = (staying = '') => {
    const up = drawn > 0 ? `\u001B[${drawn}A` : '';
    const moving = [...lines.values()].map((text) => `${text.slice(0, (stream.columns || 80) - 1)}\n`);
    stream.write(`${up}\r\u001B[J${staying}${moving.join('')}`);
    drawn = moving.length;
  };
  const say = (text) => draw(`${text}\n`);
  const timer = setInterval(draw, DRAW_EVERY_MS, '');
  return {
    isLive: true,
    say,
    /** The line of `key`, as it is now. */
    live: (key, text) => void lines.set(key, text),
    /** The line of `key`, for good. */
    settle: (key, text) => {
      lines.delete(key);
      say(text);
    },
    stop: () => {
      clearInterval(timer);
      lines.clear();
      draw();
    },
  };
}
