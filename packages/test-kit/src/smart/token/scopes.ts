// SMART scopes in both syntaxes: v1 says read, write and *, v2 says which of create, read, update, delete and search, in
// that order, and may narrow them by a query (SMART App Launch 2.2, scopes and launch context).

import { Refusal } from './refusal.js';

interface Scope {
  readonly context: string;
  readonly type: string;
  /** Some of 'cruds'. */
  readonly rights: string;
  readonly query: string | undefined;
  /** OpenEMR's: an operation in place of the rights. */
  readonly operation?: string | undefined;
}

// The characters of a query are those of any scope (RFC 6749, 3.3).
const syntax =
  /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(?:(read|write|\*)|(\$[a-z][a-z-]*)|((?=[cruds])c?r?u?d?s?)(?:\?([!#-[\]-~]+))?)$/;
const rightsOfV1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** Those of the asked scopes that may be granted, as they were asked; throws invalid_scope when none may. */
export function grantable(asked: string, allowed: readonly string[] | undefined): string {
  const granted = asked.split(' ').filter((scope) => {
    const parsed = parse(scope);
    return allowed === undefined || allowed.some((other) => covers(parse(other), parsed));
  });
  if (granted.length === 0) {
    throw new Refusal('invalid_scope', `None of the requested scopes may be granted: ${asked}`);
  }
  return granted.join(' ');
}

/** Whether a granted scope string allows `right`, one of 'cruds', on a type of resource. */
export function permits(granted: string, type: string, right: string): boolean {
  return granted
    .split(' ')
    .some((scope) => covers(parse(scope), { context: 'system', type, rights: right, query: '' }));
}

function covers(wide: Scope, narrow: Scope): boolean {
  return (
    wide.context === narrow.context &&
    wide.operation === narrow.operation &&
    (wide.type === '*' || wide.type === narrow.type) &&
    narrow.rights.split('').every((right) => wide.rights.includes(right)) &&
    (wide.query === undefined || narrow.query === '' || wide.query === narrow.query)
  );
}

function parse(scope: string): Scope {
  const match = syntax.exec(scope);
  if (match === null) {
    throw new Refusal('invalid_scope', `Not a SMART scope: '${scope}'`);
  }
  const [, context = '', type = '', v1 = '', operation, v2, query] = match;
  return { context, type, rights: v2 ?? rightsOfV1[v1] ?? '', query, operation };
}
