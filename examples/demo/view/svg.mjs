// One client's time as a drawing: a bar for the lifetime of each token, thin bars for refreshes, ticks for what was rejected
// and retried, a band for an outage.

import { axis, drawing, rect, scaleOf, ticks } from './scale.mjs';

const LANE = 18;
const BAR = 13;
const TOP = 8;
const REFRESHES = TOP + 2 * LANE;
const TALLEST = 32;
/** From where rejections grow upwards and retries downwards; above them is the number of rejections. */
const MIDDLE = REFRESHES + 26 + TALLEST;
const BOTTOM = MIDDLE + TALLEST + 4;
/** Where nothing was rejected the drawing ends below the refreshes. */
const BOTTOM_WITHOUT = REFRESHES + 26;
const AXIS_HEIGHT = 20;
/** A bar has its number from this width on. */
const NUMBERED = 12;
/** Rejections that lie this far apart are not counted together. */
const APART_MS = 700;
/** What a count in words needs to the right of its ticks. */
const COUNT_WIDTH = 80;

export function timeline({ name, journal }, times, size) {
  const scale = scaleOf(times, size);
  const middle = { y: MIDDLE, tallest: TALLEST };
  const bottom = journal.rejections.length > 0 ? BOTTOM : BOTTOM_WITHOUT;
  const parts = [
    ...journal.bands.map((band) => bandOf(band, { ...scale, bottom })),
    axis(scale, { top: TOP, bottom }),
    ...journal.tokens.flatMap((token, index) => tokenBars(token, index, scale)),
    ...journal.acquisitions.map((one) => refresh(one, scale)),
    ...ticks(journal.rejections, scale, { ...middle, up: true, kind: 'rejection', what: 'rejected' }),
    ...ticks(journal.resends, scale, { ...middle, up: false, kind: 'retry', what: 'retried' }),
    ...groups(journal.rejections).map((group, index, all) => countOf(group, all[index + 1], scale)),
  ];
  const label = `The lifetime of each token of the client ${name}`;
  return drawing(parts, { name: size.name, width: size.width, height: bottom + AXIS_HEIGHT, label });
}

/** Solid while it was the token in use, pale from then to its expiry; two lanes, since lifetimes overlap. */
function tokenBars(token, index, { x, seconds, endedAt }) {
  const y = TOP + (index % 2) * LANE;
  const [from, usedTo] = [token.from, usedUntil(token, endedAt)];
  const expiry = Number.isFinite(token.to) ? `expires at ${seconds(token.to)}` : 'has no known expiry';
  const fate = token.rejectedAt === undefined ? '' : `, rejected at ${seconds(token.rejectedAt)}`;
  const title = `token ${index + 1}: from ${seconds(from)}, ${expiry}${fate}`;
  const after = token.rejectedAt === undefined ? 'spare' : 'dead';
  const number = `<text x="${(x(from) + 4).toFixed(1)}" y="${y + BAR - 3}" class="number">${index + 1}</text>`;
  return [
    rect({ x: x(usedTo), to: x(token.to), y, height: BAR, kind: after, title }),
    rect({ x: x(from), to: x(usedTo), y, height: BAR, kind: 'used', title }),
    x(usedTo) - x(from) >= NUMBERED + 6 * (index > 8) ? number : '',
  ];
}

export function usedUntil({ to, rejectedAt = Infinity, refreshedAt = Infinity }, endedAt) {
  return Math.min(to, rejectedAt, refreshedAt, endedAt);
}

function refresh({ from, to, reason, ok }, { x, seconds, endedAt }) {
  const outcome = ok === false ? 'failed' : 'succeeded';
  const title = `refresh (${reason}) from ${seconds(from)} to ${seconds(Math.min(to, endedAt))}, ${outcome}`;
  return rect({ x: x(from), to: x(to), y: REFRESHES, height: 7, kind: refreshKind({ reason, ok }), title });
}

export function refreshKind({ reason, ok }) {
  if (ok === false) return 'failed';
  return reason === 'stale' ? 'ahead' : 'awaited';
}

/** How many were rejected, above their ticks; in words where the next count leaves room for them. */
function countOf({ from, count }, next, { x, width }) {
  const isLate = x(from) + COUNT_WIDTH > width;
  const at = isLate ? width - 4 : x(from);
  const words = next && x(next.from) - x(from) < COUNT_WIDTH ? '' : ' rejected';
  return `<text x="${at.toFixed(1)}" y="${MIDDLE - TALLEST - 5}" class="count${isLate ? ' late' : ''}">${count}${words}</text>`;
}

function groups(times) {
  const found = [];
  for (const at of times.toSorted((one, other) => one - other)) {
    const last = found.at(-1);
    if (last && at - last.to < APART_MS) Object.assign(last, { to: at, count: last.count + 1 });
    else found.push({ from: at, to: at, count: 1 });
  }
  return found;
}

function bandOf({ label, from, to }, { x, seconds, endedAt, bottom }) {
  const title = `${label}, ${seconds(from)} to ${seconds(Math.min(to, endedAt))}`;
  const band = rect({ x: x(from), to: x(to), y: 0, height: bottom, kind: 'band', title });
  return `${band}<text x="${(x(from) + 5).toFixed(1)}" y="${bottom - 5}">endpoint down</text>`;
}
