// SMART scopes (SMART App Launch "Scopes for requesting FHIR Resources"), in their second form, system/Patient.rs?name=value,
// and in their first, system/Patient.read. Servers have forms of their own besides (system/*.$export of OpenEMR), so whatever
// RFC 6749 allows goes out, and what looks like a typo is only reported.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions } from '@axios-authorizer/core/extend';

/** One scope in parts, for {@link smartScope}. */
export interface SmartScope {
  /** Whose data: of the system, a user or a patient. Default: "system", which is what backend services ask for. */
  readonly context?: 'system' | 'user' | 'patient' | undefined;
  /** A FHIR resource type, or "*". */
  readonly resource: string;
  /** Letters of "cruds" in that order, or "read", "write", "*" of the first form. */
  readonly access: string;
  /** Narrows a scope of the second form, such as { category: 'laboratory' }. Default: nothing. */
  readonly query?: Readonly<Record<string, string>> | undefined;
}

interface ParsedScope {
  readonly context: string;
  readonly resource: string;
  /** Letters of "cruds". */
  readonly letters: string;
  readonly query: string;
}

const SHAPE = /^(system|user|patient)\/([A-Za-z]+|\*)\.([^?]*)(?:\?(.+))?$/;
const FIRST_FORM: Readonly<Record<string, string>> = {
  read: 'rs',
  write: 'cud',
  '*': 'cruds',
};
/** The name of an operation (FHIR "Extended Operations"), as OpenEMR has it in place of the letters. */
const OPERATION = /^\$[A-Za-z][\w-]*$/;
/** RFC 6749 section 3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * The text of one scope of SMART's own forms. @throws ConfigurationError when it is none of them; another form is written as text
 *
 * @example
 * ```ts
 * smartScope({ resource: 'Observation', access: 'rs', query: { category: 'laboratory' } });
 * // 'system/Observation.rs?category=laboratory'
 * ```
 */
export function smartScope(given: SmartScope): string {
  const table = { context: 'any', resource: 'any', access: 'any', query: 'object' } as const;
  const { context = 'system', resource, access, query = {} } = checkOptions(given, 'smartScope', table);
  if (!resource || !access) throw new ConfigurationError('smartScope needs `resource` and `access`');
  if (Object.values(query).some((value) => typeof value !== 'string' || value === ''))
    throw new ConfigurationError('A value in the `query` of a scope is empty');
  const search = Object.entries(query)
    .map((pair) => pair.map(encoded).join('='))
    .join('&');
  const scope = `${context}/${resource}.${access}${search && `?${search}`}`;
  const doubt = SCOPE_TOKEN.test(scope) ? doubtOf(scope) : NO_SCOPE;
  if (doubt !== undefined) throw malformed(scope, doubt);
  return scope;
}

/**
 * The `scope` parameter, blank-separated.
 * @throws ConfigurationError when it is empty, or holds a character that RFC 6749 section 3.3 does not allow
 */
export function scopeParameter(scope: string | readonly (string | SmartScope)[]): string {
  if (typeof scope !== 'string' && !Array.isArray(scope))
    throw new ConfigurationError('`scope` is missing; it is one text or a list, such as system/*.rs');
  const listed = typeof scope === 'string' ? scope.split(/\s+/) : scope.map(asString);
  const scopes = [...new Set(listed.filter((text) => text !== ''))];
  if (scopes.length === 0)
    throw new ConfigurationError('`scope` is empty; backend services must say what they ask for, such as system/*.rs');
  const impossible = scopes.find((text) => !SCOPE_TOKEN.test(text));
  if (impossible !== undefined) throw malformed(impossible, NO_SCOPE);
  return scopes.join(' ');
}

/** What looks like a typo in a `scope` parameter, a sentence for each scope; some server may want it so all the same. */
export function scopeDoubts(scope: string): readonly string[] {
  return scope.split(' ').flatMap((text) => {
    const doubt = doubtOf(text);
    return doubt === undefined ? [] : [`The scope ${JSON.stringify(text)} looks like a typo: ${doubt}`];
  });
}

/** The scopes asked for that the granted ones do not cover; a first-form scope covers its second form. */
export function notGranted(asked: string, granted: string): readonly string[] {
  const grants = granted.split(/\s+/).filter((text) => text !== '');
  return asked.split(' ').filter((text) => !grants.includes(text) && !coveredBy(text, grants));
}

/** Only what would end a scope or a value, since servers compare scopes as text: `http://…|laboratory` stays readable. */
function encoded(text: string): string {
  return text.replace(/[^\w.~:/|,;@$*'()!-]/gu, encodeURIComponent);
}

function asString(scope: string | SmartScope | undefined): string {
  if (scope === undefined || scope === null) throw malformed('', 'a place in the list is empty');
  return typeof scope === 'string' ? scope.trim() : smartScope(scope);
}

function coveredBy(asked: string, grants: readonly string[]): boolean {
  const wanted = parse(asked);
  if (wanted === undefined) return false;
  const fitting = grants.flatMap((text) => parse(text) ?? []).filter((grant) => reaches(grant, wanted));
  return wanted.letters.split('').every((letter) => fitting.some(({ letters }) => letters.includes(letter)));
}

/** Whether a grant speaks of the resources that are wanted. */
function reaches(grant: ParsedScope, wanted: ParsedScope): boolean {
  const sameResource = grant.resource === '*' || grant.resource === wanted.resource;
  return grant.context === wanted.context && sameResource && (grant.query === '' || grant.query === wanted.query);
}

/** A scope of SMART's own forms; undefined for any other. */
function parse(text: string): ParsedScope | undefined {
  const [, context, resource = '', access = '', query = ''] = SHAPE.exec(text) ?? [];
  if (context === undefined || doubtOf(text) !== undefined || OPERATION.test(access)) return undefined;
  return { context, resource, letters: FIRST_FORM[access] ?? access, query };
}

const NO_SCOPE = 'it holds a character that scopes cannot have';

/** Why a scope about FHIR resources is none of SMART's forms; undefined for those, and for what is about something else. */
function doubtOf(text: string): string | undefined {
  if (!/^(?:system|user|patient)\//.test(text)) return undefined;
  const [, context, resource = '', access = '', query = ''] = SHAPE.exec(text) ?? [];
  if (context === undefined) return 'it should look like system/Patient.rs';
  if (resource !== '*' && !/^[A-Z]/.test(resource)) return 'resource types begin with a capital';
  if (query !== '' && Object.hasOwn(FIRST_FORM, access))
    return 'only the second form, with letters of "cruds", has a query';
  return Object.hasOwn(FIRST_FORM, access) || OPERATION.test(access) ? undefined : letterDoubt(access);
}

function letterDoubt(letters: string): string | undefined {
  if (!/^[cruds]+$/.test(letters)) return 'what is allowed should be letters of "cruds", or read, write or *';
  const ordered = 'cruds'
    .split('')
    .filter((letter) => letters.includes(letter))
    .join('');
  return ordered === letters ? undefined : `the letters should stand in the order of "cruds": ${ordered}`;
}

function malformed(scope: string, why: string): ConfigurationError {
  return new ConfigurationError(`The scope ${JSON.stringify(scope)} is malformed: ${why}`);
}
