// What happens, the newest first. What repeats within a moment is one line with a count, at the time of the first.
import { by } from './elements.js';

const MOST_LINES = 200;
/** Lines further down are not looked at, nor older ones, so that the order of things stays visible. */
const FOLD_WITHIN = 5;
const FOLD_MS = 2_000;

export function log(what, text) {
  const line = sameLine(what, text) ?? newLine(what, text);
  line.count += 1;
  line.at = Date.now();
  line.element.querySelector('b').textContent = line.count > 1 ? ` × ${line.count}` : '';
}

const lines = [];

function sameLine(what, text) {
  const since = Date.now() - FOLD_MS;
  return lines.slice(0, FOLD_WITHIN).find((line) => line.what === what && line.text === text && line.at >= since);
}

function newLine(what, text) {
  const element = document.createElement('li');
  const name = document.createElement('span');
  name.className = what;
  name.textContent = what;
  const rest = document.createElement('span');
  rest.append(text, document.createElement('b'));
  const time = document.createElement('time');
  time.textContent = new Date().toISOString().slice(11, 21);
  element.append(time, name, rest);
  const line = { what, text, element, count: 0, at: 0 };
  lines.unshift(line);
  by('log').prepend(element);
  by('log-empty').hidden = true;
  lines.splice(MOST_LINES).forEach((old) => old.element.remove());
  return line;
}
