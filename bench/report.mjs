// The results as text for people and as JSON for programs.

import { arch, cpus, platform } from 'node:os';
import { percent } from './bars.mjs';

export function machine() {
  return {
    node: process.version,
    platform: `${platform()}-${arch()}`,
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    date: new Date().toISOString(),
  };
}

/** One row per candidate and storm; the ratio is token calls beside ours. */
export function stormTable(storm, results) {
  const [{ tokenCalls: ours }] = results;
  const rows = results.map(({ name, ...result }) => [
    name,
    result.tokenCalls,
    ratio(result.tokenCalls, ours),
    result.apiCalls,
    result.ok,
    result.failed,
    result.hung,
    ...(storm.name === 'rotation' ? [result.familyAlive ? 'alive' : 'revoked'] : []),
  ]);
  const family = storm.name === 'rotation' ? ['family'] : [];
  const head = ['candidate', 'token calls', 'ratio', 'api calls', 'ok', 'failed', 'hung', ...family];
  return `${storm.name}: ${storm.about}\n${table(head, rows)}`;
}

export function rolloverTable(results) {
  const rows = results.map(({ name, requests, failed, slow, longestMs, tokenCalls, waitedWithLiveToken }) => {
    return [name, requests, tokenCalls, failed, slow, longestMs, waitedWithLiveToken ?? 'not told'];
  });
  const head = [
    'candidate',
    'requests',
    'token calls',
    'failed',
    'over 100 ms',
    'longest ms',
    'waited with live token',
  ];
  return `rollover: 300 requests/s for 10 s, tokens of 2 s, token endpoint takes 300 ms\n${table(head, rows)}`;
}

export function srpTable(results) {
  const reference = results.find(({ which }) => which === 'reference').cpuMs;
  const rows = results.map(({ name, cpuMs }) => [name, cpuMs.toFixed(1), ratio(cpuMs, reference)]);
  return `srp: one sign-in, two requests included\n${table(['candidate', 'CPU ms', 'ratio'], rows)}`;
}

export function helpTable(results) {
  const rows = results.map(({ name, baseMs, addedMs }) => [name, baseMs.toFixed(0), addedMs.toFixed(0)]);
  return `help: what the command line takes over node itself, a fresh process each time\n${table(['command', 'CPU ms of node', 'more ms'], rows)}`;
}

export function verifyTable(results) {
  const reference = results.find(({ which }) => which === 'reference').us;
  const rows = results.map(({ name, us }) => [name, us.toFixed(1), ratio(us, reference)]);
  return `verify: one access token of a user pool\n${table(['candidate', 'us', 'ratio'], rows)}`;
}

export function overheadTables({ alone, through, overHandWrittenNs, wholeNs, share }) {
  const ours = alone.find(({ name }) => name.startsWith('@axios'))?.ns ?? Number.NaN;
  const first = table(
    ['alone, live token', 'ns added', 'ratio'],
    alone.map(({ name, ns }) => [name, Math.round(ns), ratio(ns, ours)]),
  );
  const added = through.find(({ name }) => name.startsWith('@axios'))?.addedUs ?? Number.NaN;
  const second = table(
    ['through the client', 'us', 'us added', 'of its bare client', 'ratio'],
    through.map(({ name, us, over, addedUs }) => {
      if (over === undefined) return [name, us.toFixed(2), '', '', ''];
      return [name, us.toFixed(2), addedUs.toFixed(2), percent(addedUs / (us - addedUs)), ratio(addedUs, added)];
    }),
  );
  const over = `${Math.round(overHandWrittenNs)} ns, ${percent(share)} of the ${Math.round(wholeNs)} ns of a bare request`;
  return `${first}\nours over the hand-written one: ${over}\n\n${second}`;
}

export function importTable(cost) {
  const rows = Object.entries(cost).map(([what, { baseMs, withItMs, addedMs }]) => {
    return [what, baseMs, withItMs, addedMs, percent(addedMs / baseMs)];
  });
  return table(['loading, fresh process', 'without it ms', 'with it ms', 'added ms', 'added'], rows);
}

function ratio(value, ours) {
  return ours > 0 ? (value / ours).toFixed(2) : value === ours ? '1.00' : '-';
}

function table(head, rows) {
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, index) => Math.max(...lines.map((cells) => cells[index].length)));
  const [first, ...rest] = lines.map(
    (cells) => `| ${cells.map((cell, index) => pad(cell, index, widths)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [first, rule, ...rest].join('\n');
}

function pad(cell, index, widths) {
  return index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index]);
}
