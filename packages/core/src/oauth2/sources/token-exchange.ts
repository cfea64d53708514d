// One token for another (RFC 8693): that of a user for one that an API behind takes, that of a workload for one of a cloud.
import { oneLine } from '../../internal/one-line.js';
import { isObject, omitUndefined, recordOf } from '../../internal/records.js';
import { assertNoControls } from '../../token/credential-text.js';
import { AuthenticationError, ConfigurationError } from '../../token/errors/errors.js';
import { loggedOut } from '../../token/errors/lifecycle-errors.js';
import { checkOptions } from '../../token/options-check.js';
import type { OptionTable } from '../../token/options-check.js';
import type { TokenRequest, TokenSource } from '../../token/source.js';
import { NOT_ATTACHED } from '../../token/token.js';
import type { Token } from '../../token/token.js';
import { parameterPairs } from '../form-parameters.js';
import type { ClientAuth } from '../http.js';
import { ChainedSession, standingOf } from './chained-session.js';
import type { Standing } from './chained-session.js';
import { SOURCE_OPTIONS } from './source-options.js';
import type { OAuth2SourceOptions } from './source-options.js';
import { tokenClient } from './token-client.js';
import type { Grant, TokenClient } from './token-client.js';

/** What holds the token that is exchanged: an Authorizer. */
export interface TokenHolder {
  /** A good token; with `rejected` a new one if that is still the current one. */
  getToken(options?: { readonly rejected?: Token; readonly signal?: AbortSignal }): Promise<Token>;
}

/**
 * A token that is handed in: its text; a function that gets it at each exchange; a token source, such as `fileSource(path)` of
 * core/node; or an Authorizer, which refreshes it when it is due and with whose session the exchanged token then ends.
 */
export type ExchangeSubject =
  | string
  | ((request: TokenRequest) => string | Token | Promise<string | Token>)
  | Pick<TokenSource, 'authorize'>
  | TokenHolder;

/** The options of {@link tokenExchangeSource}. A type of token is a URN, or the last word of one of RFC 8693 section 3. */
export interface TokenExchangeSourceOptions extends Omit<OAuth2SourceOptions, 'clientAuth'> {
  /** How the client authenticates. Default: not at all. */
  readonly clientAuth?: ClientAuth | undefined;
  /** The token of whom the new one is for. */
  readonly subject: ExchangeSubject;
  /** What it is: "access_token", "id_token", "jwt", "saml2" …; of an "id_token" the id token of a subject that has both. Default: "access_token". */
  readonly subjectTokenType?: string | undefined;
  /** The token of who acts for them. Default: nobody does. */
  readonly actor?: ExchangeSubject | undefined;
  /** What that is. Default: "access_token". */
  readonly actorTokenType?: string | undefined;
  /** For whom the new one is, by their names at the server; a list is several. Default: none is said. */
  readonly audience?: string | readonly string[] | undefined;
  /** The same by URLs (RFC 8707). Default: none is said. */
  readonly resource?: string | readonly string[] | undefined;
  /** What the new one shall be; another one that comes is refused. Default: the server's choice. */
  readonly requestedTokenType?: string | undefined;
}

const WHERE = 'tokenExchangeSource';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TYPES = 'urn:ietf:params:oauth:token-type:';
/** A token that is not good enough any more: section 2.2.2, and what servers say besides. */
const STALE_SUBJECT = new Set<unknown>(['invalid_request', 'invalid_grant', 'invalid_token']);

/**
 * Token exchange (RFC 8693). Each time the new token is due, `subject` and `actor` are asked for theirs, which they refresh where they
 * have to; when the server refuses them, the Authorizers among them are asked for others, once. A token that was exchanged from an
 * Authorizer's is used no longer than that one's session lasts: its logout, or another person's sign-in, ends both. In a later process,
 * which has it from a store, it is used beside the same session only; where nothing tells that session from others, since the token
 * of the Authorizer is no JWT and has no `sessionMark`, the exchange is made anew.
 *
 * An answer of token_type `N_A` is no access token: `getToken` gives it, and attaching it is a ConfigurationError. `issuedTokenType` of
 * the token says what came.
 * @throws ConfigurationError when an option cannot work; asked for a token it throws what the subject throws, `invalid_response` for
 *   another type than `requestedTokenType`, and otherwise as `requestToken` does
 *
 * @example
 * ```ts
 * const source = tokenExchangeSource({ tokenUrl, clientAuth, subject: authorizer, audience: 'reports' });
 * const reports = new Authorizer(source);
 * ```
 */
export function tokenExchangeSource(given: TokenExchangeSourceOptions): TokenSource {
  const options = checkOptions<TokenExchangeSourceOptions>(given, WHERE, optionTable());
  const parties = partiesOf(options);
  const isChained = parties.some(({ party }) => isHolder(party));
  const requested = options.requestedTokenType && typeUrn(options.requestedTokenType);
  const client = tokenClient(clientOptions(options), WHERE);
  const exchange = async (request: TokenRequest, rejected?: readonly Handed[]): Promise<Exchanged> => {
    const handed: Handed[] = [];
    for (const [index, party] of parties.entries())
      handed.push(await handedIn(party, request, rejected?.[index]?.token));
    const asked = { grant_type: GRANT_TYPE, ...(requested && { requested_token_type: requested }) };
    const grant = handed.reduce<Grant>((all, { form }) => ({ ...all, ...form }), asked);
    try {
      const token = ofType(await client.ask(grant, request), requested);
      return { token, stood: handed.flatMap(({ standing }) => standing ?? []) };
    } catch (error) {
      if (!isChained || rejected || !STALE_SUBJECT.has(recordOf(error)['error'])) throw error;
      return exchange(request, handed);
    }
  };
  return { ...(isChained ? chained(parties, exchange) : renewing(client, exchange)), ...client.common };
}

/** A new token, and where the Authorizers stood whose tokens it was made from. */
interface Exchanged {
  readonly token: Token;
  readonly stood: readonly Standing[];
}

type Exchange = (request: TokenRequest) => Promise<Exchanged>;

/** The table is made when it is needed, so that a bundle without this source has none of it. */
function optionTable(): OptionTable<TokenExchangeSourceOptions> {
  return {
    ...SOURCE_OPTIONS,
    subject: 'any',
    subjectTokenType: 'string',
    actor: 'any',
    actorTokenType: 'string',
    audience: 'any',
    resource: 'any',
    requestedTokenType: 'string',
  };
}

/** Who hands in a token, in the order in which they are asked. */
function partiesOf({ subject, actor, ...types }: TokenExchangeSourceOptions): readonly Party[] {
  if (!isParty(subject) || (actor !== undefined && !isParty(actor)))
    throw new ConfigurationError(
      `${WHERE} needs a \`subject\`, and takes an \`actor\`: a token's text, a function, a token source or an Authorizer`,
    );
  const ofSubject = { name: 'subject', party: subject, type: types.subjectTokenType } as const;
  return actor === undefined ? [ofSubject] : [ofSubject, { name: 'actor', party: actor, type: types.actorTokenType }];
}

/** What a client of the token endpoint needs of them. */
function clientOptions(options: TokenExchangeSourceOptions): OAuth2SourceOptions {
  const { audience, resource, acceptTokenTypes = [], clientAuth = unauthenticated, ...rest } = options;
  parameterPairs(rest.parameters);
  const parameters = { ...rest.parameters, ...omitUndefined({ audience, resource }) };
  return { ...rest, clientAuth, parameters, acceptTokenTypes: [...acceptTokenTypes, NOT_ATTACHED] };
}

/** Of an Authorizer's token: the exchange is repeated, never refreshed by itself, so that it ends with that one's session (C25). */
function chained(parties: readonly Party[], exchange: Exchange): TokenSource {
  const chain = new ChainedSession(parties.map(({ party }) => party));
  return {
    authorize: async (request) => {
      const { token, stood } = await exchange(request);
      const { refreshToken: _unused, ...exchanged } = token;
      const made = chain.chained(exchanged, stood);
      if (chain.isOver(made)) throw loggedOut();
      return made;
    },
    ended: (token) => chain.isOver(token),
    signedIn: (signal) => chain.signedIn(signal),
  };
}

/** Of a token that does not refresh itself: where the server gives a refresh token, that goes on (section 2.2.1). */
function renewing({ refresh }: TokenClient, exchange: Exchange): TokenSource {
  const authorize = async (request: TokenRequest): Promise<Token> => (await exchange(request)).token;
  return {
    authorize,
    refresh: (token, request) => (token.refreshToken === undefined ? authorize(request) : refresh(token, request)),
  };
}

function isParty(value: unknown): value is ExchangeSubject {
  const { authorize } = recordOf(value);
  return (
    Boolean(value) &&
    (typeof value === 'string' || typeof value === 'function' || typeof authorize === 'function' || isHolder(value))
  );
}

function isHolder(value: unknown): value is TokenHolder {
  return isObject(value) && typeof value['getToken'] === 'function';
}

interface Party {
  readonly name: 'subject' | 'actor';
  readonly party: ExchangeSubject;
  readonly type: string | undefined;
}

/** What is handed in: its parameters (section 2.1), and where the Authorizer stands that gave it. */
interface Handed {
  readonly form: Grant;
  readonly token: Token | undefined;
  readonly standing: Standing | undefined;
}

/** @throws ConfigurationError where there is no token, or it cannot be sent; AuthenticationError `logged_out` */
async function handedIn(
  { name, party, type = 'access_token' }: Party,
  request: TokenRequest,
  rejected: Token | undefined,
): Promise<Handed> {
  const given = await tokenOfParty(party, request, rejected);
  const standing = isHolder(party) ? standingOf(party, given) : undefined;
  if (standing && standing.session === undefined) throw loggedOut();
  const token = typeof given === 'string' ? undefined : given;
  const isId = typeUrn(type) === typeUrn('id_token');
  const text: unknown = typeof given === 'string' ? given : isId ? given?.idToken : given?.accessToken;
  if (typeof text !== 'string' || text === '')
    throw new ConfigurationError(
      `\`${name}\` of ${WHERE} gave no ${isId ? 'id token' : 'token'}; where is it read from?`,
    );
  assertNoControls(text, `The token of \`${name}\``);
  return { form: { [`${name}_token`]: text, [`${name}_token_type`]: typeUrn(type) }, token, standing };
}

async function tokenOfParty(
  party: ExchangeSubject,
  request: TokenRequest,
  rejected: Token | undefined,
): Promise<string | Token> {
  if (typeof party === 'string') return party;
  if (isHolder(party)) return party.getToken({ signal: request.signal, ...(rejected && { rejected }) });
  return typeof party === 'function' ? party(request) : party.authorize(request);
}

function typeUrn(type: string): string {
  return type.includes(':') ? type : `${TYPES}${type}`;
}

/** @throws AuthenticationError `invalid_response` for another type than was asked for */
function ofType(token: Token, requested: string | undefined): Token {
  const issued = token.issuedTokenType;
  if (requested === undefined || issued === undefined || issued === requested) return token;
  throw new AuthenticationError(
    `The server issued ${oneLine(issued)} in place of ${requested} (RFC 8693 section 2.2.1)`,
    {
      code: 'invalid_response',
      kind: 'configuration',
    },
  );
}

function unauthenticated(): void {
  // whether the client authenticates is the server's choice (section 2.1)
}
