// The page: one file that needs nothing else, readable in light and dark.

import { SIZES } from './scale.mjs';
import { strip } from './strip.mjs';
import { style } from './style.mjs';
import { refreshKind, timeline, usedUntil } from './svg.mjs';
import { columns, withPlain } from './table.mjs';

const keyWords = {
  used: 'token in use',
  spare: 'still good, but already refreshed',
  dead: 'rejected before its expiry',
  ahead: 'refreshed in the background, before expiry',
  awaited: 'fetched while requests wait',
  failed: 'refresh that failed',
  rejection: 'requests rejected with 401 (upwards)',
  retry: 'retried with a new token (downwards)',
  band: 'token endpoint down',
};

const LEAD =
  'axios-authorizer keeps the access tokens of axios clients good: it refreshes them before they expire, and retries what an API rejected with a new token. ' +
  'Here eight clients, each with servers of its own on this machine, go through expiry, revocation, an outage and a storm of 401s. ' +
  'In three of the scenarios plain axios, with the two interceptors that many programs write by hand (examples/demo/clients/by-hand.mjs), goes through the same.';

export function page(rows, { startedAt, endedAt, pace }) {
  const times = { startedAt, endedAt };
  const facts = [`${((endedAt - startedAt) / 1000).toFixed(1)} seconds`, new Date(startedAt).toUTCString()];
  if (pace.inWords !== undefined) facts.push(pace.inWords);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>axios-authorizer: eight axios clients through ten bad seconds</title>
<style>${style}
</style>
</head>
<body>
<h1>axios-authorizer: eight axios clients through ten bad seconds</h1>
<p>${LEAD}</p>
<p class="sum">${sumOf(rows)}</p>
<p class="faint">${facts.join(' · ')}</p>
${table(rows)}
${rows.map((row) => section(row, times)).join('\n')}
</body>
</html>
`;
}

function sumOf(rows) {
  const promises = rows.flatMap((row) => row.promises);
  const broken = promises.filter(({ kept }) => !kept).length;
  return broken === 0
    ? `<span class="yes">All ${promises.length} promises were kept.</span>`
    : `<span class="no">${broken} of ${promises.length} promises were broken.</span>`;
}

function table(rows) {
  const head = columns.map(([title]) => `<th scope="col">${title}</th>`).join('');
  const body = withPlain(rows).map((row) => {
    const [[, name], ...others] = columns;
    const cells = others.map((column) => cell(column, row)).join('');
    return `<tr${row.kept === undefined ? ' class="plain"' : ''}><th scope="row">${escaped(name(row))}</th>${cells}</tr>`;
  });
  return `<table class="clients"><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

function cell([, valueOf, short], row) {
  const value = valueOf(row);
  const kind = value === 'yes' || value === 'no' ? ` class="${value}"` : '';
  return `<td data-of="${short}"${kind}>${escaped(value)}</td>`;
}

function section(row, times) {
  const promises = row.promises.map(({ says, kept, seen }) => {
    return `<li>${mark(kept)}${escaped(kept ? says : `${says} (${seen})`)}</li>`;
  });
  return `<section>
<h2><code>${escaped(row.name)}</code>: ${escaped(row.title)}</h2>
<p>${escaped(row.about)}</p>
<p class="faint">${escaped(row.setting)}</p>
<figure>${SIZES.map((size) => timeline(row, times, size)).join('\n')}${key(kindsOf(row.journal, times))}</figure>
<ul class="promises">${promises.join('')}</ul>
${row.beside ? besides(row, times) : ''}
</section>`;
}

/** Ours and plain axios, in numbers and over time. */
function besides({ journal, beside }, times) {
  const head = '<tr><th></th><th scope="col">axios-authorizer</th><th scope="col">plain axios</th></tr>';
  const body = beside.rows.map(({ what, ours, plain }) => {
    return `<tr><th scope="row">${escaped(what)}</th><td>${ours}</td><td>${plain}</td></tr>`;
  });
  const { bands } = journal;
  const draw = (one) => SIZES.map((size) => strip({ ...one, bands }, times, size)).join('\n');
  const kinds = { call: 'token calls (upwards)', failed: 'failed requests (downwards)' };
  if (bands.length > 0) Object.assign(kinds, { band: keyWords.band });
  return `<h3>Beside plain axios</h3>
<table class="beside"><thead>${head}</thead><tbody>${body.join('')}</tbody></table>
<figure><figcaption class="faint">axios-authorizer</figcaption>${draw({ label: 'Token calls of axios-authorizer', calls: beside.calls.ours, journal })}
<figcaption class="faint">plain axios</figcaption>${draw({ label: 'Token calls of plain axios', calls: beside.calls.plain, journal: beside.journal })}
${key(kinds)}</figure>`;
}

function key(words) {
  return `<ul class="key">${Object.entries(words)
    .map(([kind, text]) => `<li>${swatch(kind)}${text}</li>`)
    .join('')}</ul>`;
}

/** What can be seen in the drawing of this client, in the order of the words above. */
function kindsOf({ tokens, acquisitions, rejections, resends, bands }, { endedAt }) {
  const after = tokens.filter((token) => Math.min(token.to, endedAt) > usedUntil(token, endedAt));
  const seen = new Set([
    'used',
    ...after.map(({ rejectedAt }) => (rejectedAt === undefined ? 'spare' : 'dead')),
    ...acquisitions.map(refreshKind),
    ...(rejections.length > 0 ? ['rejection'] : []),
    ...(resends.length > 0 ? ['retry'] : []),
    ...(bands.length > 0 ? ['band'] : []),
  ]);
  return Object.fromEntries(Object.entries(keyWords).filter(([kind]) => seen.has(kind)));
}

function mark(kept) {
  return kept ? '<span class="yes">kept</span>' : '<span class="no">broken</span>';
}

function swatch(kind) {
  return `<svg viewBox="0 0 14 12" aria-hidden="true"><rect width="14" height="12" class="${kind}"/></svg>`;
}

function escaped(text) {
  return String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
