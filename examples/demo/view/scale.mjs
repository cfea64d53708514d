// What the drawings of the page have in common: where a time lies, bars, ticks, and the axis below.

const LEFT = 8;
/** The space that the word of one second needs on the axis. */
const WORD = 34;

/** Wide for a desk, narrow for a phone; each page has both, and its style shows one. */
export const SIZES = [
  { name: 'wide', width: 960, binMs: 50 },
  { name: 'narrow', width: 358, binMs: 100 },
];

export function scaleOf({ startedAt, endedAt }, { name, width, binMs }) {
  const pixels = (width - 2 * LEFT) / (endedAt - startedAt);
  return {
    name,
    width,
    startedAt,
    endedAt,
    binMs: Math.max(binMs, 3 / pixels),
    x: (at) => LEFT + (Math.min(Math.max(at, startedAt), endedAt) - startedAt) * pixels,
    seconds: (at) => `${((at - startedAt) / 1000).toFixed(2)} s`,
  };
}

export function drawing(parts, { name, width, height, label }) {
  const box = `viewBox="0 0 ${width} ${height}" class="${name}"`;
  return `<svg ${box} role="img" aria-label="${label}">\n${parts.join('\n')}\n</svg>`;
}

export function axis({ x, startedAt, endedAt, width }, { top, bottom }) {
  const count = Math.floor((endedAt - startedAt) / 1000);
  const step = Math.max(1, Math.ceil((count * WORD) / width));
  const marks = Array.from({ length: Math.floor(count / step) + 1 }, (_, index) => index * step);
  const lines = marks.map((second) => {
    const at = x(startedAt + second * 1000).toFixed(1);
    const word = `<text x="${Math.max(12, at)}" y="${bottom + 14}" class="second">${second} s</text>`;
    return `<path d="M${at} ${top}V${bottom}" class="grid"/>${word}`;
  });
  return lines.join('');
}

export function rect({ x, to, y, height, kind, title }) {
  if (to <= x) return '';
  const width = Math.max(1.5, to - x).toFixed(1);
  const shape = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width}" height="${height.toFixed(1)}"`;
  return `<rect ${shape} class="${kind}"><title>${title}</title></rect>`;
}

/** Ticks from `y`, upwards or downwards, one for each slice of time; the height is logarithmic. */
export function ticks(times, { x, seconds, startedAt, binMs }, { y, tallest, up, kind, what }) {
  return bins(times, { startedAt, binMs }).map(({ at, count }) => {
    const height = Math.min(tallest, 7 + 3 * Math.log2(count));
    const title = `${count} ${what} at about ${seconds(at)}`;
    return rect({ x: x(at), to: x(at) + 3, y: up ? y - height : y + 1, height, kind, title });
  });
}

/** How many came in each slice of time. */
function bins(times, { startedAt, binMs }) {
  const counts = new Map();
  for (const at of times) {
    const bin = Math.floor((at - startedAt) / binMs);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return [...counts].map(([bin, count]) => ({ at: startedAt + bin * binMs, count }));
}
