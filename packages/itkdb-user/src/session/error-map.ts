// The envelope in which uuApps report errors and warnings: uuAppErrorMap, keyed by application, command and code.
import { oneLine, recordOf, asString } from '@axios-authorizer/core/extend';

/** One entry of an error map. */
export interface UuAppMessage {
  /** "error" or "warning", as the application says it. */
  readonly type?: string;
  /** What is wrong, in the application's words. */
  readonly message?: string;
  /** Which keys of the input are wrong, under missingKeyMap, invalidValueKeyMap, unsupportedKeyList … */
  readonly paramMap?: Readonly<Record<string, unknown>>;
}

/** By key, without the blanks that some keys end in; a server's stack trace is left out. */
export type UuAppErrorMap = Readonly<Record<string, UuAppMessage>>;

/**
 * The map in an answer's data, whatever form that has by now; empty when there is none.
 *
 * @example
 * ```ts
 * const codes = Object.keys(errorMapOf({ uuAppErrorMap: { 'cern-itkpd-main/x': { message: 'no' } } }));
 * ```
 */
export function errorMapOf(data: unknown): UuAppErrorMap {
  const map = recordOf(parsed(data))['uuAppErrorMap'];
  const entries = Object.entries(recordOf(map)).map(([key, value]) => [key.trim(), messageOf(value)] as const);
  return Object.fromEntries(entries);
}

/** The map with every text in it rewritten, its keys as well. */
export function redactedMap(map: UuAppErrorMap, write: (text: string) => string): UuAppErrorMap {
  const rewritten: unknown = JSON.parse(JSON.stringify(map), (_, value: unknown) => {
    if (typeof value === 'string') return write(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [write(name), member]));
  });
  return errorMapOf({ uuAppErrorMap: rewritten });
}

/**
 * What a successful answer warns of, in words; the map was seen as a plain text, too.
 *
 * @example
 * ```ts
 * const warnings = warningsIn({ uuAppErrorMap: {} }); // none
 * ```
 */
export function warningsIn(data: unknown): readonly string[] {
  const map = recordOf(parsed(data))['uuAppErrorMap'];
  if (typeof map === 'string') return map === '' ? [] : [oneLine(map)];
  return Object.entries(errorMapOf(data)).map(([key, message]) => describeErrors({ [key]: message }));
}

/**
 * The map in words, with the keys of the input that it complains about: on one line, each entry short, the first ten of many.
 *
 * @example
 * ```ts
 * const words = describeErrors(errorMapOf({ uuAppErrorMap: {} }));
 * ```
 */
export function describeErrors(map: UuAppErrorMap): string {
  const entries = Object.entries(map);
  const told = entries
    .slice(0, MOST_ENTRIES)
    .map(([key, { message = 'no message', paramMap }]) => oneLine(`${key}: ${message}`) + complaints(paramMap));
  const more = entries.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** So many tell what is wrong. */
const MOST_ENTRIES = 10;

function complaints(paramMap: UuAppMessage['paramMap'] = {}): string {
  const named = ['missingKeyMap', 'invalidValueKeyMap'].flatMap((name) => Object.keys(recordOf(paramMap[name])));
  const { unsupportedKeyList } = paramMap;
  const all = [...named, ...(Array.isArray(unsupportedKeyList) ? unsupportedKeyList.map(String) : [])];
  return all.length === 0 ? '' : ` (${oneLine(all.join(', '))})`;
}

function messageOf(value: unknown): UuAppMessage {
  const { type, message, paramMap } = recordOf(value);
  const told = { type: asString(type), message: asString(message) };
  const defined = Object.fromEntries(Object.entries(told).filter(([, text]) => text !== undefined));
  return { ...defined, ...(typeof paramMap === 'object' && paramMap !== null && { paramMap: recordOf(paramMap) }) };
}

/** Text and bytes are parsed, when they are JSON. */
function parsed(data: unknown): unknown {
  const text = ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? new TextDecoder().decode(data) : data;
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
