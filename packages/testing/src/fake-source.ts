// A source in memory: makes up tokens, or fails as it was told.
import { AuthenticationError } from '@axios-authorizer/core';
import type { Clock, Token, TokenSource } from '@axios-authorizer/core';
import { randomText } from './random-text.js';

export interface FakeSourceOptions {
  /** The members of each token; the access token and the end are those of the first. */
  readonly template: Partial<Token>;
  readonly lifetimeMs: number;
  readonly clock: Clock;
}

export class FakeSource implements TokenSource {
  /** Makes the error of each call; undefined while all is well. */
  failure: (() => Error) | undefined;
  /** Whether only a person can go on, who signs in. */
  isSignedOut = false;
  readonly issued: string[] = [];
  readonly #options: FakeSourceOptions;
  readonly #tokens = new Map<string, Token>();
  readonly #ended = new Set<string>();

  constructor(options: FakeSourceOptions) {
    this.#options = options;
  }

  async authorize(): Promise<Token> {
    if (this.failure) throw this.failure();
    if (this.isSignedOut) throw signedOut();
    return this.next();
  }

  async refresh({ refreshToken }: Token): Promise<Token> {
    if (this.failure) throw this.failure();
    this.isSignedOut = false; // there is a token again: setToken brought it
    return refreshToken === undefined ? this.next() : { ...this.next(), refreshToken };
  }

  /** `logout` asks for it. */
  async revoke({ accessToken }: Token): Promise<void> {
    this.end(accessToken);
    this.isSignedOut = true;
  }

  /** A new token; the first one is what the test gave. */
  next(): Token {
    const { template, lifetimeMs, clock } = this.#options;
    const { accessToken, expiresAt, issuedAt: _issuedAt, ...others } = template;
    const isFirst = this.issued.length === 0;
    const made = `fake-access-token-${this.issued.length + 1}-${randomText()}`;
    const token: Token = {
      refreshToken: `fake-refresh-token-${randomText()}`,
      ...others,
      accessToken: (isFirst ? accessToken : undefined) ?? made,
      expiresAt: (isFirst ? expiresAt : undefined) ?? new Date(clock.now() + lifetimeMs),
    };
    this.issued.push(token.accessToken);
    this.#tokens.set(token.accessToken, token);
    return token;
  }

  tokenOf(accessToken: string): Token | undefined {
    return this.#tokens.get(accessToken);
  }

  /** No API accepts it any more. */
  end(accessToken: string): void {
    this.#ended.add(accessToken);
  }

  isEnded(accessToken: string): boolean {
    return this.#ended.has(accessToken);
  }
}

function signedOut(): AuthenticationError {
  return new AuthenticationError('fakeAuthorizer was signed out; sign in again, with signIn() or setToken(token)', {
    code: 'logged_out',
    kind: 'session',
  });
}
