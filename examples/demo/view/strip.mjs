// Token calls and failed requests over time, so that two clients can be laid one above the other.

import { axis, drawing, rect, scaleOf, ticks } from './scale.mjs';

const TALLEST = 28;
const MIDDLE = TALLEST + 4;
const BOTTOM = MIDDLE + TALLEST + 4;
const HEIGHT = BOTTOM + 20;

export function strip({ label, calls, journal, bands }, times, size) {
  const scale = scaleOf(times, size);
  const { x } = scale;
  const failures = journal.failures.map(({ at }) => at);
  const middle = { y: MIDDLE, tallest: TALLEST };
  const parts = [
    ...bands.map(({ from, to, label: title }) =>
      rect({ x: x(from), to: x(to), y: 0, height: BOTTOM, kind: 'band', title }),
    ),
    axis(scale, { top: 0, bottom: BOTTOM }),
    `<path d="M0 ${MIDDLE + 0.5}H${size.width}" class="base"/>`,
    ...ticks(calls, scale, { ...middle, up: true, kind: 'call', what: 'token calls' }),
    ...ticks(failures, scale, { ...middle, up: false, kind: 'failed', what: 'failed requests' }),
  ];
  return drawing(parts, { name: size.name, width: size.width, height: HEIGHT, label });
}
