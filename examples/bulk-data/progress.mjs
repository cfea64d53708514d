// What is told while it happens: how far the export is, then a line for each file.

import { paint } from './colour.mjs';
import { describe } from './failure.mjs';
import { startScreen } from './screen.mjs';

const BAR = 16;

export function startProgress(screen = startScreen()) {
  const say = (text) => screen.say(text);
  return {
    say,
    waiting: (answer) => (screen.isLive ? screen.live('', waitingText(answer)) : say(waitingText(answer))),
    ready: (text) => screen.settle('', text),
    downloading: (file, { lines, bytes }) =>
      screen.live(file.name, `${bar(file, lines)} ${number(lines).padStart(11)} ${size(bytes).padStart(10)}`),
    retrying: ({ name }, why) => say(paint('yellow', `${name.padEnd(28)} once more: ${why}`)),
    downloaded: (result) => screen.settle(result.name, resultText(result)),
    stop: () => screen.stop(),
  };
}

function size(bytes) {
  const steps = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), steps.length - 1);
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${steps[step]}`;
}

export function number(value) {
  return value.toLocaleString('en');
}

function waitingText({ waitMs, progress, error }) {
  const state = error ? describe(error) : (progress ?? 'in progress');
  return `export: ${state}; asking again in ${(waitMs / 1000).toFixed(0)} s`;
}

function resultText({ name, lines, bytes, ms, error }) {
  if (error) return `${name.padEnd(28)} ${paint('red', `FAILED: ${describe(error)}`)}`;
  return `${name.padEnd(28)} ${numbers({ lines, bytes })} ${(ms / 1000).toFixed(1).padStart(8)} s`;
}

/** No bar without an end to it. */
function bar({ name, count }, lines) {
  const full = count ? Math.round((Math.min(lines, count) / count) * BAR) : 0;
  return `${name.padEnd(28)} ${count === undefined ? ' '.repeat(BAR) : '█'.repeat(full).padEnd(BAR, '░')}`;
}

function numbers({ lines, bytes }) {
  return `${number(lines).padStart(11)} resources ${size(bytes).padStart(10)}`;
}
