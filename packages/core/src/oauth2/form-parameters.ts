// Further parameters of a request to an authorization server, which a user gives as a plain object.
import { ConfigurationError } from '../token/errors/errors.js';
import { isObject } from '../internal/records.js';

/**
 * Parameters by their name. A list is sent as several parameters of one name (`resource`, RFC 8707 section 2), undefined
 * is left out.
 */
export type FormParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The parameters as pairs of name and value; of a list one pair a value.
 * @throws ConfigurationError for anything but strings, lists of strings and undefined
 *
 * @example
 * ```ts
 * parameterPairs({ resource: ['https://a.example', 'https://b.example'] }); // two pairs named resource
 * ```
 */
export function parameterPairs(parameters: unknown): readonly (readonly [name: string, value: string])[] {
  if (parameters === undefined) return [];
  if (!isObject(parameters) || Symbol.iterator in parameters)
    throw new ConfigurationError('`parameters` must be a plain object, such as { resource: "https://…" }');
  return Object.entries(parameters).flatMap(([name, value]) =>
    valuesOf(name, value).map((one) => [name, one] as const),
  );
}

/**
 * Sets the parameters in `form`: they take the place of what stands there under their names. @throws ConfigurationError
 *
 * @example
 * ```ts
 * const form = new URLSearchParams({ grant_type: 'client_credentials' });
 * setParameters(form, { audience: 'https://api.example.org' });
 * ```
 */
export function setParameters(form: URLSearchParams, parameters: unknown): void {
  const pairs = parameterPairs(parameters);
  for (const [name] of pairs) form.delete(name);
  for (const [name, value] of pairs) form.append(name, value);
}

function valuesOf(name: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = values.filter((one) => typeof one === 'string');
  if (texts.length < values.length)
    throw new ConfigurationError(
      `\`parameters\` holds something other than strings under ${JSON.stringify(name)}; write numbers and JSON as strings`,
    );
  return texts;
}
