// Whether a test run that is about to be uploaded is one that the database has: what was measured is the same, whenever it
// was, and under whatever number.
import { recordOf } from '@axios-authorizer/core/extend';
import { stableJson } from './objects.js';

type Members = Readonly<Record<string, unknown>>;

/**
 * As the original compares: outcome, properties, defects, comments and results. What is null counts as left out, since the
 * database has a null for each result and property that was not given.
 * @param given as it is uploaded
 * @param stored as the database answers it
 */
export function isSameTestRun(given: Members, stored: Members): boolean {
  const isOutcome = (name: string): boolean => (given[name] ?? false) === (stored[name] ?? false);
  return (
    isOutcome('passed') &&
    isOutcome('problems') &&
    haveSameProperties(recordOf(given['properties']), stored['properties']) &&
    isSame(given['defects'] ?? [], listIn(stored['defects']).map(withoutCode)) &&
    isSame(
      given['comments'] ?? [],
      listIn(stored['comments']).map(({ comment }) => comment),
    ) &&
    haveSameResults(recordOf(given['results']), stored['results'])
  );
}

/** A property may be given as text where the database has a number, and the other way round. */
function haveSameProperties(given: Members, stored: unknown): boolean {
  const held = byCode(listIn(stored));
  const names = new Set([...Object.keys(given), ...Object.keys(held)]);
  return [...names].every((name) => isSameProperty(given[name] ?? null, held[name] ?? null));
}

function isSameProperty(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'string') return other.trim() !== '' && Number(other) === one;
  if (typeof one === 'string' && typeof other === 'number') return isSameProperty(other, one);
  if (typeof one === 'boolean' && typeof other === 'string') return other.toLowerCase() === String(one);
  if (typeof one === 'string' && typeof other === 'boolean') return isSameProperty(other, one);
  return isSame(one, other);
}

/** An image is stored as a file of its own, and cannot be compared. */
function haveSameResults(given: Members, stored: unknown): boolean {
  const all = listIn(stored);
  const images = new Set(all.flatMap(({ dataType, code }) => (dataType === 'image' ? [String(code)] : [])));
  const comparable = Object.fromEntries(Object.entries(given).filter(([code]) => !images.has(code)));
  return isSame(comparable, byCode(all.filter(({ code }) => !images.has(String(code)))));
}

function byCode(list: readonly Members[]): Members {
  return Object.fromEntries(list.map(({ code, value }) => [String(code), value]));
}

function withoutCode({ code: _code, ...defect }: Members): Members {
  return defect;
}

function listIn(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map((one) => recordOf(one)) : [];
}

function isSame(one: unknown, other: unknown): boolean {
  return stableJson(withoutNulls(one)) === stableJson(withoutNulls(other));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}
