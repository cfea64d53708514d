// A request needs more than its token is good for: further scopes, or a person who signs in once more, in a stronger way (RFC 9470).
// No refresh cures that; the source's own `stepUp` may. It is asked on behalf of all who need the same (C26).
import { abortable, keepingAlive, limited } from '../internal/clock.js';
import type { AuthChallenge } from '../token/challenge.js';
import { forCaller, isAuthenticationError } from '../token/errors/errors.js';
import { anotherIdentity, askedInVain, loggedOut, timedOut } from '../token/errors/lifecycle-errors.js';
import { usableToken } from '../token/reading.js';
import { secretsOfClient, secretsOfToken } from '../token/secrets.js';
import type { Token } from '../token/token.js';
import { shown } from './new-token.js';
import type { SessionChanges } from './session-changes.js';
import { goesOn } from './session.js';
import type { Session } from './session.js';
import type { InFlight, SingleFlight } from './single-flight.js';
import { asAuthenticationError } from './source-failure.js';
import { isSignedOut } from './store/store-access.js';
import type { TokenManager } from './token-manager.js';

/** After one that failed or did not help, a person is not asked again for so long. */
const COOL_DOWN_MS = 60_000;
/** After so many in a row, for whatever, nobody is asked for anything: an API that makes up demands would ask for ever. */
const MOST_IN_VAIN = 3;
/** A person may take part. */
const LIMIT_MS = 300_000;
/** What an API asks for may go into a URL, and be shown to a person: more is taken for a fault of the API. */
const MOST_SCOPES = 50;
const LONGEST_SCOPE = 2_000;
/** An API that makes up demands costs no memory. */
const MOST_KEPT = 100;

/** A request that was answered that its token is not enough. */
export interface StepUpDemand<T extends Token> {
  readonly token: T;
  readonly challenge: AuthChallenge;
  /** Of the caller. */
  readonly signal: AbortSignal | undefined;
}

export class StepUps<T extends Token> {
  readonly #tokens: TokenManager<T>;
  readonly #changes: SessionChanges<T>;
  readonly #refreshes: SingleFlight<T>;
  readonly #inFlight = new Map<string, InFlight<T>>();
  /** Until when nobody is asked, and the access token that came last, by what was asked for. */
  readonly #until = new Map<string, number>();
  readonly #brought = new Map<string, string>();
  #inVain = 0;
  /** One after the other, so that each asks for what the one before was granted as well. */
  #last: Promise<unknown> = Promise.resolve();
  #session = new AbortController();

  constructor(tokens: TokenManager<T>, changes: SessionChanges<T>, refreshes: SingleFlight<T>) {
    this.#tokens = tokens;
    this.#changes = changes;
    this.#refreshes = refreshes;
  }

  /** Whether the source can step up at all. */
  get isPossible(): boolean {
    return this.#tokens.source.stepUp !== undefined;
  }

  get isBusy(): boolean {
    return this.#inFlight.size > 0;
  }

  /**
   * A token that is good for more; undefined where the answer passes as it came: the source failed, or is not asked.
   * @throws AuthenticationError `another_identity`, and the reason of the caller's signal
   */
  async ask({ token, challenge, signal }: StepUpDemand<T>): Promise<T | undefined> {
    const session = this.#tokens.sessionOf(token);
    if (!session || session !== this.#tokens.session || !this.#isWithinCap(challenge)) return undefined;
    const key = keyOf(challenge);
    const held = this.#tokens.token;
    const isNewer = held !== undefined && held.accessToken !== token.accessToken;
    if (isNewer && (this.#brought.get(key) === held.accessToken || hasScopes(held, challenge))) return held;
    if (this.#isCoolingDown(key) || this.#isCoolingDown(ANY)) return undefined;
    const { id, promise } = this.#inFlight.get(key) ?? this.#begin(key, challenge, session);
    const { clock, observer } = this.#tokens.options;
    const at = clock.now();
    try {
      return await keepingAlive(abortable(promise, signal));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!isAnotherIdentity(error)) return undefined;
      throw forCaller(error);
    } finally {
      observer?.({ type: 'waited', id, at, durationMs: clock.now() - at });
    }
  }

  /** The token that it brought was not enough either. */
  didNotHelp(challenge: AuthChallenge): void {
    this.#coolDown(keyOf(challenge));
  }

  helped(): void {
    this.#inVain = 0;
  }

  /** The session is over: nobody waits for more of it. */
  discard(): void {
    this.#session.abort(loggedOut());
    this.#session = new AbortController();
    for (const kept of [this.#inFlight, this.#until, this.#brought]) kept.clear();
  }

  #begin(key: string, challenge: AuthChallenge, session: Session): InFlight<T> {
    const id = this.#refreshes.nextId();
    const { signal } = this.#session;
    const promise = this.#last.then(() => this.#run({ id, key, challenge, session, signal }));
    const inFlight = { id, reason: 'step_up', promise } as const;
    this.#inFlight.set(key, inFlight);
    this.#last = promise
      .catch(() => undefined)
      .finally(() => {
        if (this.#inFlight.get(key) === inFlight) this.#inFlight.delete(key);
      });
    return inFlight;
  }

  async #run(stepUp: StepUp): Promise<T> {
    const { clock, observer, clientInfo } = this.#tokens.options;
    const begun = { id: stepUp.id, at: clock.now(), reason: 'step_up' } as const;
    observer?.({ type: 'acquiring', ...begun });
    try {
      const { accessToken } = await this.#brings(stepUp);
      const { token } = this.#tokens;
      if (!token || this.#tokens.session !== stepUp.session) throw loggedOut();
      observer?.({ type: 'acquired', ...begun, durationMs: clock.now() - begun.at, adopted: false, ...shown(token) });
      remember(this.#brought, stepUp.key, accessToken);
      return token;
    } catch (error) {
      const secrets = [...secretsOfToken(this.#tokens.token), ...secretsOfClient(clientInfo)];
      const failure = asAuthenticationError(error, secrets);
      const { code, kind } = failure;
      observer?.({ type: 'failed', ...begun, durationMs: clock.now() - begun.at, code, kind });
      if (!isSignedOut(failure)) this.#coolDown(stepUp.key);
      throw failure;
    }
  }

  /** Asks the source; what it brings is saved and held like any other token of the session. */
  async #brings({ challenge, session, signal }: StepUp): Promise<T> {
    const tokens = this.#tokens;
    const { source, options } = tokens;
    const base = tokens.current?.token;
    signal.throwIfAborted();
    if (this.#isCoolingDown(ANY)) throw askedInVain(MOST_IN_VAIN);
    if (!base || tokens.session !== session) throw loggedOut();
    const asked = united(challenge, base);
    const sentAt = options.clock.now();
    const answer = usableToken(source, await this.#answer(asked, base, signal), sentAt);
    if (!goesOn(source, base, answer)) throw anotherIdentity();
    const refresh = this.#refreshes.current?.promise.catch(() => undefined);
    if (refresh) await abortable(refresh, signal); // else its token would be taken last
    const { scope = asked.parameters['scope'] } = answer; // RFC 6749 section 5.1: a scope that is missing is the one asked for
    await this.#changes.set(scope === undefined ? answer : { ...answer, scope }, true);
    return answer;
  }

  async #answer(challenge: AuthChallenge, base: T, session: AbortSignal): Promise<T> {
    const { source, options } = this.#tokens;
    const { clock, observer } = options;
    const notice = (message: string): void => observer?.({ type: 'notice', at: clock.now(), message });
    const late = (): Error => timedOut(LIMIT_MS, '`stepUp` of the token source');
    return limited({ clock, ms: LIMIT_MS, late, signal: session }, async (signal) =>
      source.stepUp ? source.stepUp(challenge, base, { signal, reason: 'step_up', challenge, notice }) : base,
    );
  }

  #isWithinCap({ parameters: { scope = '' } }: AuthChallenge): boolean {
    if (scopesOf(scope).length <= MOST_SCOPES && scope.length <= LONGEST_SCOPE) return true;
    const { clock, observer } = this.#tokens.options;
    const message = `An API asks for more than ${MOST_SCOPES} scopes, or ${LONGEST_SCOPE} characters of them: \`stepUp\` is not asked`;
    observer?.({ type: 'notice', at: clock.now(), message });
    return false;
  }

  /** Many who share one that failed count once. */
  #coolDown(key: string): void {
    const until = this.#tokens.options.clock.now() + COOL_DOWN_MS;
    if (!this.#isCoolingDown(key)) this.#inVain += 1;
    remember(this.#until, key, until);
    if (this.#inVain >= MOST_IN_VAIN) this.#until.set(ANY, until);
  }

  #isCoolingDown(key: string): boolean {
    const leftMs = (this.#until.get(key) ?? 0) - this.#tokens.options.clock.now();
    return leftMs > 0 && leftMs <= COOL_DOWN_MS; // a clock that steps back prolongs nothing
  }
}

interface StepUp extends Pick<StepUpDemand<Token>, 'challenge'> {
  readonly id: number;
  readonly key: string;
  readonly session: Session;
  /** Aborts when the session is over. */
  readonly signal: AbortSignal;
}

/** In place of what is asked for. */
const ANY = '';

function remember<V>(kept: Map<string, V>, key: string, value: V): void {
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, value);
}

function scopesOf(scope: string | undefined): readonly string[] {
  return (scope ?? '').split(/\s+/).filter(Boolean);
}

/** Whether `token` says itself that it has what is asked for, as a refresh of the better one does. */
function hasScopes({ scope }: Token, { parameters }: AuthChallenge): boolean {
  const wanted = parameters['error'] === 'insufficient_scope' ? scopesOf(parameters['scope']) : [];
  const granted = scopesOf(scope);
  return wanted.length > 0 && wanted.every((one) => granted.includes(one));
}

/** What is asked for, in any order. */
function keyOf({ parameters }: AuthChallenge): string {
  // oxlint-disable-next-line unicorn/no-array-sort -- a copy already, and not every runtime of a phone has toSorted
  return JSON.stringify([[...scopesOf(parameters['scope'])].sort(), parameters['acr_values'] ?? '']);
}

/** The challenge with the scopes that are granted already, which would be lost otherwise. */
function united({ scheme, parameters }: AuthChallenge, { scope }: Token): AuthChallenge {
  const all = [...new Set([...scopesOf(scope), ...scopesOf(parameters['scope'])])].join(' ');
  return { scheme, parameters: { ...parameters, ...(all && { scope: all }) } };
}

function isAnotherIdentity(error: unknown): boolean {
  return isAuthenticationError(error) && error.code === 'another_identity';
}
