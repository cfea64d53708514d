// The page: one file that needs nothing else, readable in light and dark.

import { timeline } from './svg.mjs';
import { columns } from './table.mjs';

const style = `
  :root { color-scheme: light dark; --paper: #fff; --ink: #1d2430; --faint: #5b6675; --line: #dfe4ea; --used: #2a7de1;
    --spare: #b9d5f6; --dead: #f3c9c6; --ahead: #8a5cd6; --awaited: #d98a00; --failed: #d33a2f; --refusal: #d33a2f; --resend: #1f9d57; --band: #fdf0d0; }
  @media (prefers-color-scheme: dark) { :root { --paper: #12161c; --ink: #e7ebf0; --faint: #9aa6b5; --line: #2c3542; --used: #4c97f0;
    --spare: #26456b; --dead: #5a2b2a; --ahead: #b394ec; --awaited: #f0b040; --failed: #f2766c; --refusal: #f2766c; --resend: #45c981; --band: #3a3018; } }
  body { margin: 0 auto; padding: 2rem 1.25rem; max-width: 62rem; background: var(--paper); color: var(--ink);
    font: 15px/1.5 system-ui, sans-serif; }
  h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 2rem 0 0; } p { margin: .25rem 0 1rem; color: var(--faint); }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  th, td { padding: .4rem .7rem; border-bottom: 1px solid var(--line); text-align: right; } th:first-child, td:first-child { text-align: left; }
  .yes { color: var(--resend); font-weight: 600; } .no { color: var(--failed); font-weight: 600; }
  ul { margin: .4rem 0 0; padding-left: 1.2rem; color: var(--faint); } svg { display: block; width: 100%; min-width: 40rem; height: auto; }
  .used { fill: var(--used); } .spare { fill: var(--spare); } .dead { fill: var(--dead); } .ahead { fill: var(--ahead); } .awaited { fill: var(--awaited); }
  .failed { fill: var(--failed); } .refusal { fill: var(--refusal); } .resend { fill: var(--resend); } .band { fill: var(--band); }
  .grid { stroke: var(--line); } text { font: 11px system-ui, sans-serif; fill: var(--faint); } .second { text-anchor: middle; }
  .number { fill: #fff; font-weight: 600; } .key { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; padding: 0; list-style: none; }
  .key svg { display: inline-block; width: 14px; min-width: 0; height: 12px; margin-right: .4rem; }`;

const key = [
  ['used', 'token in use'],
  ['spare', 'still good, but replaced already'],
  ['dead', 'refused before its end'],
  ['ahead', 'replaced ahead of its end, in the background'],
  ['awaited', 'fetched while requests wait'],
  ['failed', 'replacement that failed'],
  ['refusal', 'requests refused (upwards)'],
  ['resend', 'sent again with a new token (downwards)'],
  ['band', 'outage of the token endpoint'],
];

export function page(rows, times) {
  const broken = rows.flatMap(({ promises }) => promises).filter(({ kept }) => !kept).length;
  const sum = broken === 0 ? 'Every promise was kept.' : `${broken} promises were broken.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The life of each token</title>
<style>${style}
</style>
</head>
<body>
<h1>The life of each token</h1>
<p>${rows.length} axios clients, ${((times.endedAt - times.startedAt) / 1000).toFixed(1)} seconds, ${new Date(times.startedAt).toUTCString()}. ${sum}</p>
<div class="scroll">${table(rows)}</div>
<ul class="key">${key.map(([kind, text]) => `<li>${swatch(kind)}${text}</li>`).join('')}</ul>
${rows.map((row) => section(row, times)).join('\n')}
</body>
</html>
`;
}

function table(rows) {
  const head = columns.map(([title]) => `<th scope="col">${title}</th>`).join('');
  const body = rows.map((row) => `<tr>${columns.map(([, value]) => cell(value(row))).join('')}</tr>`).join('\n');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function cell(value) {
  return value === 'yes' || value === 'no' ? `<td class="${value}">${value}</td>` : `<td>${escaped(value)}</td>`;
}

function section(row, times) {
  const promises = row.promises.map(({ says, kept, seen }) => {
    return `<li>${mark(kept)} ${escaped(kept ? says : `${says} (${seen})`)}</li>`;
  });
  return `<section>
<h2>${escaped(row.name)}</h2>
<p>${escaped(row.about)}</p>
<div class="scroll">${timeline(row, times)}</div>
<ul>${promises.join('')}</ul>
</section>`;
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
