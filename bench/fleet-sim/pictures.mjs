// The plots of docs/guide/fleet.md, drawn without a dependency, readable on light and dark pages, and told in words to who cannot see.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../docs/public/', import.meta.url));
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 300, 70, 250, 50];
const STYLE = `<style>text{font:13px system-ui,sans-serif;fill:#333}.t{font-size:15px;font-weight:600}.a{stroke:#888;fill:none}.s{fill:#0b6bcb}.o{fill:#b3541e}@media(prefers-color-scheme:dark){text{fill:#ddd}.a{stroke:#777}.s{fill:#5cb0ff}.o{fill:#ff9d5c}}</style>`;

/** @returns the text of each file, by its path */
export function pictures({ machines, calm }) {
  const count = machines.toLocaleString('en-US');
  const { lifetimeS, shared, alone } = calm.at(-1);
  return {
    [join(FOLDER, 'fleet-calls.svg')]: bars({
      title: `Token calls an hour, ${count} machines`,
      desc: 'Logarithmic bars for each lifetime of a token: with one Redis, and with each machine for itself.',
      groups: calm.map((one) => ({
        name: lifetimeName(one.lifetimeS),
        values: [perHour(one.shared.steady), perHour(one.alone.steady)],
      })),
      names: ['one Redis', 'no store'],
    }),
    [join(FOLDER, 'fleet-moments.svg')]: histogram({
      title: `When tokens of ${lifetimeName(lifetimeS)} are refreshed without a store, by minute`,
      desc: 'Token calls of all machines in each minute of the time of one token, after a start within a minute.',
      values: byBucket(alone.steady, 60),
      unit: 'min',
    }),
    [join(FOLDER, 'fleet-commands.svg')]: histogram({
      title: `Commands of Redis around one refresh, ${count} machines`,
      desc: 'Commands in each second, from three seconds before the busiest second to seven after it.',
      values: aroundPeak(shared.steady.bySecond),
      unit: 's',
      from: -3,
    }),
  };
}

export function lifetimeName(seconds) {
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 && seconds > 60 ? `${seconds / 60} min` : `${seconds} s`;
}

export function perHour({ tokenCalls, seconds }) {
  return (tokenCalls.length * 3_600) / seconds;
}

function byBucket({ tokenCalls, at, seconds }, bucketS) {
  const counts = Array.from({ length: Math.ceil(seconds / bucketS) }, () => 0);
  for (const call of tokenCalls) counts[Math.min(counts.length - 1, Math.floor((call.at - at) / 1_000 / bucketS))] += 1;
  return counts;
}

function aroundPeak(bySecond) {
  const [peakAt] = [...bySecond].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  return Array.from({ length: 11 }, (_, index) => bySecond.get(peakAt - 3 + index) ?? 0);
}

function bars({ title, desc, groups, names }) {
  const most = Math.log10(Math.max(...groups.flatMap(({ values }) => values)) + 1);
  const width = (WIDTH - LEFT - 20) / groups.length;
  const drawn = groups.flatMap(({ name, values }, group) => [
    ...values.map((value, index) => {
      const height = (Math.log10(value + 1) / most) * (BOTTOM - TOP - 20);
      const x = LEFT + group * width + width * 0.15 + index * width * 0.36;
      return `${rect(index === 0 ? 's' : 'o', [x, BOTTOM - height, width * 0.32, height])}${text(x + width * 0.16, BOTTOM - height - 6, Math.round(value).toLocaleString('en-US'))}`;
    }),
    text(LEFT + group * width + width / 2, BOTTOM + 20, name),
  ]);
  const legend = names.map(
    (name, index) =>
      rect(index === 0 ? 's' : 'o', [LEFT + index * 130, 278, 12, 12]) +
      text(LEFT + index * 130 + 18, 289, name, 'start'),
  );
  return svg(title, desc, [...drawn, ...legend]);
}

function histogram({ title, desc, values, unit, from = 0 }) {
  const most = Math.max(1, ...values);
  const width = (WIDTH - LEFT - 20) / values.length;
  const every = Math.ceil(values.length / 12);
  const drawn = values.map((value, index) => {
    const height = (value / most) * (BOTTOM - TOP - 20);
    const x = LEFT + index * width;
    const label = index % every === 0 ? text(x + width / 2, BOTTOM + 20, `${from + index} ${unit}`) : '';
    return rect('s', [x + 1, BOTTOM - height, width - 2, height]) + label;
  });
  return svg(title, desc, [
    ...drawn,
    text(LEFT - 8, TOP + 24, most.toLocaleString('en-US'), 'end'),
    text(LEFT - 8, BOTTOM, '0', 'end'),
  ]);
}

function svg(title, desc, drawn) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title desc"><title id="title">${title}</title><desc id="desc">${desc}</desc>${STYLE}<text class="t" x="20" y="26">${title}</text>${drawn.join('')}<path class="a" d="M${LEFT} ${TOP}V${BOTTOM}H${WIDTH - 20}"/></svg>\n`;
}

function rect(kind, box) {
  const [x, y, width, height] = box.map((value) => value.toFixed(1));
  return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}"/>`;
}

function text(x, y, content, anchor = 'middle') {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${content}</text>`;
}
