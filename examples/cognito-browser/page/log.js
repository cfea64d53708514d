// What happens, the newest first.
import { by } from './elements.js';

const MOST_LINES = 200;

export function log(type, text) {
  const line = document.createElement('li');
  const time = document.createElement('time');
  time.textContent = new Date().toISOString().slice(11, 21);
  const what = document.createElement('span');
  what.className = type;
  what.textContent = type;
  line.append(time, what, text);
  by('log').prepend(line);
  by('log').children[MOST_LINES]?.remove();
}
