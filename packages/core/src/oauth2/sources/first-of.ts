// Several places where a token may come from, asked in order: a mounted file in the cluster, a program on a desk. Only "nobody is
// signed in here" leads to the next one: an outage must not make a program act as somebody else.
import { AuthenticationError, ConfigurationError, isAuthenticationError } from '../../token/errors/errors.js';
import { asString, isObject } from '../../internal/records.js';
import { jwtClaims } from '../../token/jwt.js';
import { isExpiring } from '../../token/validity.js';
import type { AuthChallenge } from '../../token/challenge.js';
import { assertMembers, sourceOf } from '../../token/source.js';
import type { AnySource, GetToken, TokenRequest, TokenSource } from '../../token/source.js';
import type { Token } from '../../token/token.js';

/** A token that knows which source it is of. Stores keep the name with it. */
export interface SourcedToken extends Token {
  /** The name of its source; of one within another the names with a slash between. */
  readonly source: string;
}

/** What parts the names of one `firstOf` within another. */
const SLASH = '/';

/**
 * A source made of several, which are asked in the order in which they are written. Only an AuthenticationError of the code
 * `not_authenticated` passes on to the next, as `fileSource` throws it for a file that is not there and `refreshTokenSource`
 * without a refresh token; an outage, refused credentials and any other error do not. The token keeps the name of its source in
 * `source`, which alone refreshes and revokes it, says whether it has expired and whose it is. Where that source has no `refresh`,
 * says `not_authenticated`, or is not among them any more, all are asked again from the first.
 * @param sources by names that hold no slash and are no number, at least one
 * @throws ConfigurationError for names and sources that cannot be meant, and for sources with different `dpop`; its `authorize` throws `not_authenticated` when all of
 *   them did
 * @example
 * ```ts
 * const source = firstOf({
 *   mounted: fileSource('/var/run/secrets/tokens/api'),
 *   desk: execSource({ command: 'corp-login', args: ['token', '--json'] }),
 * });
 * const authorizer = new Authorizer(source);
 * ```
 */
export function firstOf<T extends Token = Token>(
  sources: Readonly<Record<string, TokenSource<T> | GetToken<T>>>,
): TokenSource<T & SourcedToken> {
  const known = knownSources(sources);
  const all = [...known.values()];
  const [proof, another] = new Set(all.flatMap((source) => source.proof ?? []));
  if (another) throw new ConfigurationError('firstOf: give all sources the same `dpop`; a request has one proof');
  const authorize = (request: TokenRequest): Promise<T & SourcedToken> => firstToken(known, request);
  const of = (token: T & SourcedToken): Own<T> => ownOf(known, token);
  return {
    authorize,
    refresh: async (token, request) => (await refreshed(of(token), request)) ?? authorize(request),
    ...(all.some(({ stepUp }) => stepUp) && {
      stepUp: (challenge, token, request) => steppedUp(of(token), challenge, request),
    }),
    async revoke(token, request) {
      const { source, own } = of(token);
      await source?.revoke?.(own, request);
    },
    bearer(token) {
      const { source, own } = of(token);
      return source?.bearer?.(own) ?? own.accessToken;
    },
    ...(all.some(({ expired }) => expired) && { expired: (token, now) => isExpired(of(token), now) }),
    ...(all.some(({ ended }) => ended) && { ended: (token) => isEnded(of(token)) }),
    ...(all.some(({ signedIn }) => signedIn) && { signedIn: (signal) => isAnySignedIn(all, signal) }),
    ...(all.some(({ identity }) => identity) && { identity: (token) => identityOf(of(token)) }),
    ...(proof && { proof }),
  };
}

type Sources<T extends Token> = ReadonlyMap<string, AnySource<T>>;

function knownSources<T extends Token>(given: Readonly<Record<string, TokenSource<T> | GetToken<T>>>): Sources<T> {
  if (!isObject(given) || Object.keys(given).length === 0)
    throw new ConfigurationError('firstOf needs one object with its sources by their names: { mounted, desk }');
  return new Map(
    Object.entries(given).map(([name, source]) => {
      if (name === '' || name.includes(SLASH) || /^\d+$/.test(name))
        // JavaScript puts numbers first
        throw new ConfigurationError('A name of firstOf must be a word without a slash, and no number');
      if (typeof sourceOf(source)?.authorize !== 'function')
        throw new ConfigurationError(`firstOf: \`${name}\` is no token source`);
      assertMembers(sourceOf(source), `\`${name}\` of firstOf`);
      if (sourceOf(source).interactive !== undefined)
        throw new ConfigurationError(
          `firstOf: in \`${name}\` a person takes part, which must not begin by itself: give it an Authorizer of its own`,
        );
      return [name, sourceOf(source)];
    }),
  );
}

async function firstToken<T extends Token>(sources: Sources<T>, request: TokenRequest): Promise<T & SourcedToken> {
  const failures: AuthenticationError[] = [];
  for (const [name, source] of sources) {
    request.signal.throwIfAborted();
    try {
      return named(name, await source.authorize(request));
    } catch (error) {
      if (!isNobody(error)) throw error;
      failures.push(error);
    }
  }
  throw nobodyOf([...sources.keys()], failures);
}

function isNobody(error: unknown): error is AuthenticationError {
  return isAuthenticationError(error) && error.code === 'not_authenticated';
}

function nobodyOf(names: readonly string[], failures: readonly AuthenticationError[]): AuthenticationError {
  const said = failures.map(({ message }, index) => `${names[index]}: ${message}`).join('; ');
  const last = failures.at(-1);
  const kind = last?.kind ?? 'credentials';
  return new AuthenticationError(`No source has a token. ${said}`, { code: 'not_authenticated', kind, cause: last });
}

/** A source may be a `firstOf` itself. */
function named<T extends Token>(name: string, answer: T | string): T & SourcedToken {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a bare string is the least token there is
  const token = (typeof answer === 'string' ? { accessToken: answer } : answer) as T & Partial<SourcedToken>;
  return { ...token, source: [name, asString(token?.source) ?? []].flat().join(SLASH) };
}

interface Own<T extends Token> {
  readonly name: string;
  /** Undefined for a name that is not known any more. */
  readonly source: AnySource<T> | undefined;
  /** The token as its source made it. */
  readonly own: T;
}

function ownOf<T extends Token>(sources: Sources<T>, token: T & SourcedToken): Own<T> {
  const [name = '', ...within] = (asString(token.source) ?? '').split(SLASH);
  const { source: _name, ...rest } = token;
  const inner = within.length === 0 ? rest : { ...rest, source: within.join(SLASH) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what its source made, which had this member or not
  return { name, source: sources.get(name), own: inner as unknown as T };
}

/** The token that follows; undefined when all have to be asked. */
async function refreshed<T extends Token>(
  { name, source, own }: Own<T>,
  request: TokenRequest,
): Promise<(T & SourcedToken) | undefined> {
  if (source?.refresh === undefined) return undefined;
  try {
    return named(name, await source.refresh(own, request));
  } catch (error) {
    if (!isNobody(error)) throw error;
    return undefined;
  }
}

/** Only the source of the token knows how. @throws ConfigurationError where it does not */
async function steppedUp<T extends Token>(
  { name, source, own }: Own<T>,
  challenge: AuthChallenge,
  request: TokenRequest,
): Promise<T & SourcedToken> {
  if (!source?.stepUp) throw new ConfigurationError(`The source \`${name}\` of firstOf has no stepUp`);
  return named(name, await source.stepUp(challenge, own, request));
}

/** As an authorizer judges by default what is of a source that does not judge. */
function isExpired<T extends Token>({ source, own }: Own<T>, now: Date): boolean {
  return source?.expired ? source.expired(own, now) : isExpiring(own, now);
}

function isEnded<T extends Token>({ source, own }: Own<T>): boolean {
  return source?.ended?.(own) === true;
}

async function isAnySignedIn<T extends Token>(
  sources: readonly AnySource<T>[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const source of sources) if (await source.signedIn?.(signal)) return true;
  return false;
}

function identityOf<T extends Token>({ source, own }: Own<T>): string | undefined {
  if (source?.identity) return source.identity(own);
  const { iss, sub } = jwtClaims(own.accessToken) ?? jwtClaims(own.idToken ?? '') ?? {};
  return asString(iss) && asString(sub) ? JSON.stringify([iss, sub]) : undefined;
}
