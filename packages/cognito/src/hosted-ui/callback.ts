// The browser comes back: is it the one that left, is the answer from whom it was sent to, and is the id token of this sign-in?
import {
  authorizationCodeSource,
  Authorizer,
  clientSecretBasic,
  isAuthenticationError,
  publicClient,
} from '@axios-authorizer/core';
import { jwtClaims, systemClock } from '@axios-authorizer/core/extend';
import type { ClientInfo, Clock, Token } from '@axios-authorizer/core';
import { endingWithItsIdToken } from '../oauth2/id-token-life.js';
import { beginAgain, mixedUp, refusedCallback } from './error.js';
import type { HostedUiError } from './error.js';
import { scopeOf, signInTimeoutOf } from './options.js';
import type { HostedUiOptions, Place } from './options.js';
import { assertPending, forget, kept } from './pending.js';
import type { PendingSignIn } from './pending.js';

/** RFC 6749 section 4.1.2 and RFC 9207: each comes once at most. */
const ANSWERS = ['code', 'state', 'error', 'error_description', 'iss'] as const;

/** So far the clock of a user's machine may be ahead. */
const CLOCK_SKEW_MS = 300_000;
/** So many sign-ins are remembered as used; no more are begun and ended within an hour on most sites. */
const MOST_USED = 10_000;

type Answer = Readonly<Record<(typeof ANSWERS)[number], string | null>>;

export class Callbacks {
  readonly #options: HostedUiOptions;
  readonly #client: ClientInfo;
  readonly #place: Place;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  /** By state: a page that asks twice for the same (as React does in development) shares one request, since a code is good once. */
  readonly #underWay = new Map<string, { readonly asked: string; readonly token: Promise<Token> }>();
  /** By state, when a sign-in was begun whose code was handed in, for as long as its callback would be taken. */
  readonly #used = new Map<string, number>();

  constructor(options: HostedUiOptions, client: ClientInfo, place: Place) {
    this.#options = options;
    this.#client = client;
    this.#place = place;
    this.#timeoutMs = signInTimeoutOf(options);
    this.#clock = options.clock ?? systemClock;
  }

  async complete(url: string | URL, given?: unknown): Promise<Token> {
    const answer = answerIn(url, this.#options.redirectUri);
    const pending = pendingOf(answer, given);
    const { state } = pending;
    this.#assertSender(answer, pending);
    this.#assertInTime(pending);
    if (answer.error !== null) {
      forget(state);
      throw refusedCallback(answer.error, answer.error_description);
    }
    return this.#once(answer.code ?? '', pending);
  }

  /** The same callback and the same sign-in share what comes; a state stands for one of each. */
  async #once(code: string, pending: PendingSignIn): Promise<Token> {
    const { state, codeVerifier, nonce } = pending;
    const asked = JSON.stringify([code, codeVerifier, nonce]);
    const underWay = this.#underWay.get(state);
    if (underWay?.asked === asked) return underWay.token;
    if (underWay !== undefined || this.#used.has(state))
      throw beginAgain('callback_used', 'A callback of this sign-in was handed in before');
    const token = this.#handIn(code, pending);
    this.#underWay.set(state, { asked, token });
    return token.finally(() => this.#underWay.delete(state));
  }

  #assertInTime({ state, startedAt }: PendingSignIn): void {
    const oldest = this.#clock.now() - this.#timeoutMs;
    for (const [used, since] of this.#used) if (since <= oldest) this.#used.delete(used);
    if (startedAt > oldest) return;
    forget(state);
    throw beginAgain('sign_in_expired', `The browser came back later than ${this.#timeoutMs} ms after it left`);
  }

  /** Its code is spent. */
  #spent({ state, startedAt }: PendingSignIn): void {
    forget(state);
    this.#used.set(state, startedAt);
    for (const oldest of this.#used.keys()) if (this.#used.size > MOST_USED) this.#used.delete(oldest);
  }

  /** Mix-up (RFC 9207): the code goes to the token endpoint of the pool that the browser was sent to, and to no other. */
  #assertSender({ iss }: Answer, pending: PendingSignIn): void {
    const { issuer } = this.#options;
    if (pending.authorizeUrl !== this.#place.authorizeUrl || pending.clientId !== this.#client.clientId)
      throw mixedUp('This sign-in was begun at another domain or with another app client');
    if (iss !== null && issuer !== undefined && iss !== issuer)
      throw mixedUp(`The callback is not from the issuer ${issuer}`);
  }

  async #handIn(code: string, pending: PendingSignIn): Promise<Token> {
    const token = await this.#exchanged(code, pending);
    this.#spent(pending);
    assertIdToken(token, this.#wantedOfIdToken(pending));
    return this.#options.tokenUse === 'id' ? endingWithItsIdToken(token) : token;
  }

  /** What can be tried again leaves `pending` where it is. */
  async #exchanged(code: string, pending: PendingSignIn): Promise<Token> {
    const { redirectUri, codeVerifier } = pending;
    const { scope, allowInsecure, transport, clock } = this.#options;
    const { clientId, clientSecret } = this.#client;
    const clientAuth = clientSecret ? clientSecretBasic({ clientId, clientSecret }) : publicClient({ clientId });
    const grant = { code, redirectUri, codeVerifier };
    const how = { tokenUrl: this.#place.tokenUrl, clientAuth, scope, allowInsecure, transport, clock };
    const authorizer = new Authorizer(authorizationCodeSource({ ...how, grant }), { clock });
    try {
      return await authorizer.getToken();
    } catch (error) {
      if (isAuthenticationError(error) && error.kind === 'session') this.#spent(pending);
      throw error;
    }
  }

  #wantedOfIdToken({ nonce }: PendingSignIn): WantedOfIdToken {
    const { issuer, tokenUse } = this.#options;
    const scopes = scopeOf(this.#options)?.split(/\s+/) ?? [];
    const isNeeded = scopes.includes('openid') || tokenUse === 'id';
    return { nonce, issuer, clientId: this.#client.clientId, isNeeded, now: this.#clock.now() };
  }
}

/** @param base of a URL that begins with its path, as a server has it */
function answerIn(url: string | URL, base: string): Answer {
  const { searchParams } = parsed(url, base);
  const [code = null, state = null, error = null, said = null, iss = null] = ANSWERS.map((name) =>
    searchParams.get(name),
  );
  if (ANSWERS.some((name) => searchParams.getAll(name).length > 1)) throw invalidCallback('holds a parameter twice');
  if (!code && !error) throw invalidCallback('holds neither a code nor an error');
  return { code, state, error: error || null, error_description: said, iss };
}

function parsed(url: string | URL, base: string): URL {
  try {
    return new URL(url, base);
  } catch {
    throw invalidCallback('is no URL');
  }
}

function invalidCallback(why: string): HostedUiError {
  return beginAgain('callback_invalid', `What the browser came back to ${why}`);
}

/** An error without a state is believed: it does no more than end this try. @throws HostedUiError, ConfigurationError */
function pendingOf({ state, error, error_description: said }: Answer, given: unknown): PendingSignIn {
  if (!state && error !== null) throw refusedCallback(error, said);
  if (!state) throw beginAgain('state_mismatch', 'The callback holds no state');
  const pending = given ?? kept(state);
  if (pending === undefined)
    throw beginAgain(
      'no_pending_sign_in',
      'No sign-in is pending for this callback: it was used before, or begun in another tab or browser (on a server, hand in `pending`)',
    );
  assertPending(pending);
  if (pending.state !== state)
    throw beginAgain('state_mismatch', 'The state of the callback is not that of this sign-in');
  return pending;
}

interface WantedOfIdToken {
  readonly nonce: string;
  readonly clientId: string;
  readonly issuer: string | undefined;
  readonly isNeeded: boolean;
  /** In ms since the epoch. */
  readonly now: number;
}

/** OpenID Connect Core section 3.1.3.7; it came from the token endpoint itself, so that TLS stands for its signature (point 6). */
function assertIdToken({ idToken }: Token, wanted: WantedOfIdToken): void {
  if (idToken === undefined && !wanted.isNeeded) return;
  const claims = jwtClaims(idToken ?? '');
  if (claims === undefined) throw refusedIdToken('did not come');
  const { nonce, clientId, issuer, now } = wanted;
  const { aud, azp, iss, exp } = claims;
  if (claims['nonce'] !== nonce) throw refusedIdToken('has another nonce');
  const audience: readonly unknown[] = [aud].flat();
  if (!audience.includes(clientId)) throw refusedIdToken('was issued to another client');
  if (azp === undefined ? audience.length > 1 : azp !== clientId)
    throw refusedIdToken('was issued to another client (azp), or for several without saying to which');
  if (issuer !== undefined && iss !== issuer) throw refusedIdToken(`was not issued by ${issuer}`);
  if (typeof exp !== 'number') throw refusedIdToken('has no expiry');
  if (now >= exp * 1000 + CLOCK_SKEW_MS) throw refusedIdToken("has expired, or this machine's clock is ahead");
}

function refusedIdToken(why: string): HostedUiError {
  return beginAgain('id_token_refused', `The id token ${why}`);
}
