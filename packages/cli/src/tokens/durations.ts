// Durations as people read and write them.
import { UsageError } from '../terminal/failure.js';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;
const FORM = /^(\d{1,6})([dhms])$/;

/** The largest unit in which it is at least 2, rounded down: "59 m", "3 h"; below two seconds "1 s". */
export function inWords(ms: number): string {
  const [unit, length] = UNITS.find(([, least]) => ms >= 2 * least) ?? ['s', 1_000];
  return `${Math.max(Math.floor(ms / length), 1)} ${unit}`;
}

/** `24h`, `10m` in milliseconds. @throws UsageError for anything else */
export function durationOf(text: string, option: string): number {
  const [, count = '', unit = ''] = FORM.exec(text) ?? [];
  const found = UNITS.find(([name]) => name === unit);
  if (found === undefined) throw new UsageError(`${option} is written as 30s, 10m, 24h or 7d`);
  return Number(count) * found[1];
}
