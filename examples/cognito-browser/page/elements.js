// The parts of the page.

const ROOMS = ['sign-in', 'challenge', 'inside'];

export function by(id) {
  return document.getElementById(id);
}

/** Shows one of the three rooms behind the door. */
export function only(room) {
  for (const id of ROOMS) by(id).hidden = id !== room;
  by(room).querySelector('input')?.focus();
}
