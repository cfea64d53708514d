// What the page says of one scenario.

import { cellText, table } from './words.mjs';

/** @returns { rows, text, better, unexplained } of what `runScenario` found */
export function sectionOf(scenario, entries, size) {
  const rows = entries.map(({ client, result, why }) => ({
    client,
    result,
    why,
    cells: result === undefined ? [] : scenario.cells(result, size),
  }));
  const { better, unexplained } = betterThanOurs(scenario, rows);
  const measured = rows.filter(({ why }) => why === undefined);
  const body = table(
    ['library', ...scenario.columns],
    measured.map(({ client, cells }) => [nameOf(client), ...cells.map(cellText)]),
  );
  const parts = [
    `## ${scenario.title}`,
    scenario.about(size),
    body,
    ...better.map((line) => `- ${line}`),
    ...left(scenario, rows),
  ];
  return { rows, better, unexplained, text: joined(parts) };
}

export function nameOf({ name, isOurs }) {
  return isOurs ? `**${name}**` : name;
}

/** A list stands together, everything else apart. */
function joined(parts) {
  return parts.reduce((text, part) => {
    const isNextOfList = part.startsWith('- ') && text.split('\n').at(-1).startsWith('- ');
    return `${text}${text === '' ? '' : isNextOfList ? '\n' : '\n\n'}${part}`;
  }, '');
}

function betterThanOurs({ name, better }, rows) {
  if (better === undefined) return { better: [], unexplained: [] };
  const found = rows.filter((row) => isBetter(row, rivalOf(row, rows), better));
  const reasonFor = ({ client }) => better.why[client.name] ?? better.otherwise;
  return {
    better: [...new Set(found.map(reasonFor))].filter(Boolean).map((reason) => {
      const names = found.filter((row) => reasonFor(row) === reason).map(({ client }) => client.name);
      return `Better than ours: ${names.join('; ')}: ${reason}`;
    }),
    unexplained: found.filter((row) => !reasonFor(row)).map(({ client }) => `${name}, ${client.name}`),
  };
}

/** Ours of the same kind: for user pools, for verifying, or core. */
function rivalOf({ client }, rows) {
  const kindOf = ({ opensPool, isVerifier }) => `${Boolean(opensPool)} ${Boolean(isVerifier)}`;
  return rows.find((other) => other.client.isOurs && kindOf(other.client) === kindOf(client));
}

function isBetter(row, rival, { value, tolerance }) {
  if (row.client.isOurs || row.result === undefined || rival?.result === undefined) return false;
  return value(row.result) < value(rival.result) - tolerance;
}

/** Who does not take part, by the reason. */
function left({ isQuietAboutOthers }, rows) {
  const reasons = [...new Set(rows.flatMap(({ why }) => (why === undefined ? [] : [why])))];
  if (isQuietAboutOthers) return [];
  return reasons.map((reason) => {
    const names = rows.filter(({ why }) => why === reason).map(({ client }) => client.name);
    return `Not applicable: ${names.join(', ')}: ${reason}`;
  });
}
