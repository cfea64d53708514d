// Writes docs/comparison.md and its charts.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import { barChart } from './chart.mjs';
import { featureTable } from './features.mjs';
import { nameOf } from './section.mjs';
import { summary, table } from './words.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FRONT = `---
title: Comparison
description: axios-authorizer beside the libraries that people use today, measured with one command.
---

<!-- Written by npm run bench:peers; change bench/peers, not this file. -->
`;

/** @param results of each scenario, as peers.mjs collects them */
export async function writePage(results, clients) {
  mkdirSync(`${ROOT}docs/public`, { recursive: true });
  const sections = results.map((result) => withChart(result));
  const parts = [
    FRONT,
    '# Comparison',
    introduction(),
    takingPart(clients),
    glance(results, clients),
    ...sections,
    features(),
  ];
  const text = await prettier.format(parts.join('\n\n'), { parser: 'markdown', singleQuote: true, printWidth: 120 });
  writeFileSync(`${ROOT}docs/comparison.md`, text);
  console.log('Written: docs/comparison.md, docs/public/comparison-*.svg');
}

function introduction() {
  const [{ model }] = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `Measured on ${day} with \`npm run bench:peers\`, Node ${process.versions.node}, ${model.trim()}, ${cpus().length} cores, axios ${versionOf('axios')}. The command starts its own servers on this machine (token endpoints, user pools, APIs), so you can repeat it: counts and marks are the same every time, times depend on the machine.${busy()}

Every library is used as its README says, or better. Where a library comes in several configurations, each has a row. Rows in which another is better say why.

✓ does what is wanted, ~ in part, ✗ does not, – does not apply.`;
}

/** A fifteen minutes' load above the cores: others were at work on the machine. */
function busy() {
  const load = loadavg()[2];
  if (load <= cpus().length) return '';
  return ` This time others were at work on it (load ${load.toFixed(0)}), so that loading took longer than on a quiet one.`;
}

function takingPart(clients) {
  const rows = clients.map((client) => [nameOf(client), versionShown(client), client.used]);
  return `## Who takes part\n\n${table(['library', 'version', 'used as'], rows)}\n\nAmong the versions that run on Node 20 these are the newest.`;
}

function versionShown({ packageName, isOurs }) {
  return isOurs ? 'this repository' : versionOf(packageName);
}

function versionOf(name) {
  const places = [`${ROOT}bench/peers/node_modules/${name}`, `${ROOT}node_modules/${name}`];
  for (const place of places) {
    try {
      return JSON.parse(readFileSync(`${place}/package.json`, 'utf8')).version;
    } catch {
      // the next place
    }
  }
  throw new Error(`${name} is not installed`);
}

/** Every client and every scenario that judges. */
function glance(results, clients) {
  const judging = results.filter(({ rows }) => rows.some(({ cells }) => cells.some(({ mark }) => mark !== undefined)));
  const rows = clients
    .filter(({ isVerifier }) => !isVerifier)
    .map((client) => [nameOf(client), ...judging.map(({ rows: all }) => glanceOf(all, client))]);
  return `## At a glance\n\n${table(['library', ...judging.map(({ scenario }) => `[${scenario.name}](#${anchorOf(scenario)})`)], rows)}\n\nA number says how many of the cases of that scenario are as wanted.`;
}

function glanceOf(rows, { name }) {
  return summary(rows.find(({ client }) => client.name === name)?.cells ?? []);
}

function anchorOf({ title }) {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

function withChart({ scenario, rows, text }) {
  if (scenario.chart === undefined) return text;
  const { title, value, digits } = scenario.chart;
  const bars = rows
    .filter(({ result }) => result !== undefined && value(result) !== undefined)
    .map(({ client, result }) => ({
      label: client.name,
      isOurs: client.isOurs,
      value: value(result),
      text: value(result).toFixed(digits),
    }))
    .toSorted((one, other) => one.value - other.value);
  const file = `comparison-${scenario.name}.svg`;
  writeFileSync(`${ROOT}docs/public/${file}`, barChart(title, bars));
  return `${text}\n\n![${title}](/${file})`;
}

function features() {
  return `## Features\n\nRead from documentation and sources, not measured. ✓ yes, ~ in part or left to the caller with help, ✗ no, – does not apply.\n\n${featureTable()}`;
}
