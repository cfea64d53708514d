// Values of unknown shape.

export function isObjectLike(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** JSON with the members of each object in one order, so that the same question is the same text. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member === 'bigint') return `${member}n`;
    return isObjectLike(member) && !Array.isArray(member) && !ArrayBuffer.isView(member) ? sorted(member) : member;
  });
}

function sorted(members: Readonly<Record<string, unknown>>): unknown {
  if ('toJSON' in members) return members;
  return Object.fromEntries(Object.entries(members).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
