// One client's time as a drawing: a bar for the life of each token, thin bars for the attempts to replace it, ticks for
// refusals and resends, a band for an outage.

const WIDTH = 960;
const LEFT = 8;
const LANE = 18;
const BAR = 13;
const TOP = 8;
const ATTEMPTS = TOP + 2 * LANE;
const TICKS = ATTEMPTS + 14;
const TALLEST = 26;
const AXIS = TICKS + 2 * TALLEST + 4;
const HEIGHT = AXIS + 18;
const BIN_MS = 50;

export function timeline({ name, journal }, { startedAt, endedAt }) {
  const x = (at) => LEFT + ((clamp(at, startedAt, endedAt) - startedAt) / (endedAt - startedAt)) * (WIDTH - 2 * LEFT);
  const seconds = (at) => `${((at - startedAt) / 1000).toFixed(2)} s`;
  const tools = { x, seconds, startedAt, endedAt };
  const parts = [
    ...journal.bands.map((band) => bandOf(band, tools)),
    axis(tools),
    ...journal.tokens.flatMap((token, index) => tokenBars(token, index, tools)),
    ...journal.acquisitions.map((one) => attempt(one, tools)),
    ...bins(journal.rejections, tools).map((bin) => tick(bin, { ...tools, up: true })),
    ...bins(journal.resends, tools).map((bin) => tick(bin, { ...tools, up: false })),
  ];
  const label = `The life of each token of the client ${name}`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">\n${parts.join('\n')}\n</svg>`;
}

/** Solid while it was the token in use, pale from then to its end; two lanes, since lives overlap. */
function tokenBars(token, index, { x, seconds, endedAt }) {
  const y = TOP + (index % 2) * LANE;
  const usedTo = Math.min(token.to, token.rejectedAt ?? Infinity, token.refreshedAt ?? Infinity, endedAt);
  const end = Number.isFinite(token.to) ? `ends at ${seconds(token.to)}` : 'has no known end';
  const fate = token.rejectedAt === undefined ? '' : `, refused at ${seconds(token.rejectedAt)}`;
  const title = `token ${index + 1}: from ${seconds(token.from)}, ${end}${fate}`;
  const spare = token.rejectedAt === undefined ? 'spare' : 'dead';
  return [
    rect({ x: x(usedTo), to: x(token.to), y, height: BAR, kind: spare, title }),
    rect({ x: x(token.from), to: x(usedTo), y, height: BAR, kind: 'used', title }),
    `<text x="${(x(token.from) + 4).toFixed(1)}" y="${y + BAR - 3}" class="number">${index + 1}</text>`,
  ];
}

function attempt({ from, to, reason, ok }, { x, seconds, endedAt }) {
  const outcome = ok === false ? 'failed' : 'succeeded';
  const title = `replacement (${reason}) from ${seconds(from)} to ${seconds(Math.min(to, endedAt))}, ${outcome}`;
  const kind = reason === 'stale' ? 'ahead' : 'awaited';
  return rect({ x: x(from), to: x(to), y: ATTEMPTS, height: 7, kind: ok === false ? 'failed' : kind, title });
}

/** Refusals grow upwards from the middle, resends downwards; the height is logarithmic. */
function tick({ at, count }, { x, seconds, up }) {
  const height = Math.min(TALLEST, 4 + 3.2 * Math.log2(count));
  const y = TICKS + TALLEST - (up ? height : -1);
  const title = `${count} ${up ? 'refused' : 'sent again'} at about ${seconds(at)}`;
  return rect({ x: x(at), to: x(at) + 3, y, height, kind: up ? 'refusal' : 'resend', title });
}

function bandOf({ label, from, to }, { x, seconds, endedAt }) {
  const title = `${label}, ${seconds(from)} to ${seconds(Math.min(to, endedAt))}`;
  const band = rect({ x: x(from), to: x(to), y: 0, height: AXIS, kind: 'band', title });
  return `${band}<text x="${x(from) + 5}" y="${AXIS - 5}" class="word">${label}</text>`;
}

function axis({ x, startedAt, endedAt }) {
  const count = Math.floor((endedAt - startedAt) / 1000);
  const step = Math.ceil(count / 20);
  const marks = Array.from({ length: Math.floor(count / step) + 1 }, (_, index) => index * step);
  const lines = marks.map((second) => {
    const at = x(startedAt + second * 1000);
    return `<path d="M${at} ${TOP}V${AXIS}" class="grid"/><text x="${at}" y="${HEIGHT - 4}" class="second">${second} s</text>`;
  });
  return lines.join('');
}

function rect({ x, to, y, height, kind, title }) {
  if (to <= x) return '';
  const width = Math.max(1.5, to - x).toFixed(1);
  const shape = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width}" height="${height.toFixed(1)}"`;
  return `<rect ${shape} class="${kind}"><title>${title}</title></rect>`;
}

function bins(times, { startedAt }) {
  const counts = new Map();
  for (const at of times) {
    const bin = Math.floor((at - startedAt) / BIN_MS);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return [...counts].map(([bin, count]) => ({ at: startedAt + bin * BIN_MS, count }));
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
