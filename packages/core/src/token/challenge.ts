// Parses WWW-Authenticate (RFC 9110 section 11.6.1) and finds the Bearer challenge in it (RFC 6750 section 3).

/** One challenge of a WWW-Authenticate header; parameter names are in lower case. */
export interface AuthChallenge {
  /** The scheme in lower case, such as "bearer". */
  readonly scheme: string;
  /** Its parameters by name, such as `error`, `scope` and `claims`; empty when it has none. */
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=\s*(?:,|$))/y;
const PARAMETER = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y;
const BETWEEN = /[\s,]*/y;
const BLANKS = /\s*/y;
const JUNK = /[^,]*/y;

/**
 * Every challenge of the header, in order; what cannot be read is passed over. Never throws.
 *
 * @example
 * ```ts
 * const [, bearer] = parseChallenges('Negotiate, Bearer error="invalid_token"');
 * bearer?.parameters['error']; // 'invalid_token'
 * ```
 */
export function parseChallenges(header: string | readonly string[] | undefined): readonly AuthChallenge[] {
  const lines: readonly unknown[] = Array.isArray(header) ? header : [header];
  const text = lines.filter((line) => typeof line === 'string').join(', ');
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (take(BETWEEN) !== null && at < text.length) {
    const current = challenges.at(-1);
    const parameter = current === undefined ? null : take(PARAMETER);
    if (parameter !== null) readParameter(current?.parameters ?? {}, parameter);
    else beginChallenge(take, challenges);
  }
  return challenges;
}

/**
 * The Bearer challenge of the header, if it has one.
 *
 * @example
 * ```ts
 * bearerChallenge('Bearer error="insufficient_scope", scope="write"')?.parameters.scope; // 'write'
 * ```
 */
export function bearerChallenge(header: string | readonly string[] | undefined): AuthChallenge | undefined {
  return parseChallenges(header).find(({ scheme }) => scheme === 'bearer');
}

function readParameter(parameters: Record<string, string>, [, name, quoted, bare]: RegExpExecArray): void {
  parameters[(name ?? '').toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
}

function beginChallenge(
  take: (pattern: RegExp) => RegExpExecArray | null,
  challenges: { scheme: string; parameters: Record<string, string> }[],
): void {
  const scheme = take(TOKEN)?.[0];
  if (scheme === undefined) {
    take(JUNK);
    return;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without inherited members a foreign name finds nothing
  const parameters = Object.create(null) as Record<string, string>;
  challenges.push({ scheme: scheme.toLowerCase(), parameters });
  take(BLANKS);
  take(TOKEN68);
}
