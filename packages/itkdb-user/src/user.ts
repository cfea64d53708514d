// Who logs in to the production database. The names are the original's; nothing that is printed shows a code or a token.
import { Authorizer } from '@axios-authorizer/core';
import { asString, checkOptions, systemClock } from '@axios-authorizer/core/extend';
import type { Clock } from '@axios-authorizer/core';
import { asLoginError } from './login/login-error.js';
import { codesOf, ItkSource } from './login/itk-source.js';
import { LoginOwner } from './login/login-owner.js';
import { claimsOf, secondsLeft, sha256 } from './login/itk-token.js';
import type { ItkToken } from './login/itk-token.js';
import { settings } from './settings.js';
import { assertSomeLogin, authorizerOptionsOf, issuerOf, secondsOf, USER_OPTIONS } from './user-options.js';
import type { UserOptions } from './user-options.js';

/** What a `Session` needs of a user. */
export interface UserLike {
  /** Logs in unless a good login is held. */
  authenticate(): Promise<boolean>;
  /** What follows "Bearer "; empty before the first login. */
  readonly bearer: string;
  /** Its login as core knows it, for `attachAuth` and the session. */
  readonly authorizer: Authorizer;
  /** Tells users apart in a cache; never a hash of the codes. */
  readonly cacheKey: string;
  /** Whether a rejected bearer can be replaced. Default: true. */
  readonly renewable?: boolean;
}

/**
 * A login by two access codes; renewed before it expires, and kept in a file with `saveAuth`.
 *
 * @throws `ConfigurationError` for options that cannot work
 *
 * @example
 * ```ts
 * const user = new User({ accessCode1: 'one', accessCode2: 'two', saveAuth: '.auth' });
 * await user.authenticate();
 * const { name, expiresIn } = user;
 * ```
 */
export class User implements UserLike {
  /** What attaches to any axios client. */
  readonly authorizer: Authorizer<ItkToken>;
  /** How long before its end a login counts as expired, in seconds; may be changed. */
  authExpiryThreshold: number;
  readonly #accessCode1: string;
  readonly #accessCode2: string;
  readonly #audience: string;
  readonly #clock: Clock;

  /** @throws ConfigurationError when an option cannot work, or there is neither a pair of codes nor a place where a login may lie */
  constructor(given?: UserOptions) {
    const options = checkOptions(given, 'User', USER_OPTIONS);
    const { accessCode1 = settings.ITKDB_ACCESS_CODE1, accessCode2 = settings.ITKDB_ACCESS_CODE2 } = options;
    const { audience = settings.ITKDB_ACCESS_AUDIENCE, prefixUrl = settings.ITKDB_AUTH_URL, clock } = options;
    const { jwtOptions, authExpiryThreshold = 15, allowInsecure, transport } = options;
    const codes = codesOf(accessCode1, accessCode2);
    assertSomeLogin(codes, options);
    this.#accessCode1 = accessCode1;
    this.#accessCode2 = accessCode2;
    this.#audience = audience;
    this.#clock = clock ?? systemClock;
    this.authExpiryThreshold = secondsOf(authExpiryThreshold, 'authExpiryThreshold');
    const authUrl = prefixUrl.replace(/\/*$/, '/');
    const { leeway: own } = checkOptions(jwtOptions, 'jwtOptions of User', { leeway: 'any' });
    const leeway = secondsOf(own ?? settings.ITKDB_LEEWAY, 'jwtOptions.leeway (ITKDB_LEEWAY)');
    const how = { allowInsecure, transport, clock };
    const issuer = issuerOf(options.issuer, authUrl);
    const owner = options.saveAuth === undefined ? undefined : codes && new LoginOwner(codes);
    const service = { codes, owner, scope: settings.ITKDB_ACCESS_SCOPE, audience, issuer, authUrl, leeway, ...how };
    const source = new ItkSource({ ...service, threshold: () => this.authExpiryThreshold });
    this.authorizer = new Authorizer(source, authorizerOptionsOf(options, { ...service, clock: this.#clock }));
  }

  /** The first code, as it was given or set; "" for none. A secret. */
  get accessCode1(): string {
    return this.#accessCode1;
  }

  /** The second code, as it was given or set; "" for none. A secret. */
  get accessCode2(): string {
    return this.#accessCode2;
  }

  /** The opaque access token, which the database does not take; undefined before the first login. */
  get accessToken(): string | undefined {
    return this.authorizer.token?.accessToken;
  }

  /** The raw id token. */
  get bearer(): string {
    return this.authorizer.token?.idToken ?? '';
  }

  /** When the login ends; undefined before the first. */
  get expiresAt(): Date | undefined {
    return this.authorizer.token?.expiresAt;
  }

  /** In whole seconds, never below 0. */
  get expiresIn(): number {
    return secondsLeft(this.authorizer.token ?? {}, this.#clock.now());
  }

  /** The claims of the id token. */
  get idToken(): Readonly<Record<string, unknown>> {
    return claimsOf(this.authorizer.token);
  }

  /** The user's identity in Unicorn, such as "23-2145-1"; "" before the first login. */
  get identity(): string {
    return this.authorizer.token?.identity ?? '';
  }

  /** The user's name; "" before the first login. */
  get name(): string {
    return this.authorizer.token?.name ?? '';
  }

  get cacheKey(): string {
    const who = this.identity || asString(this.idToken['sub']) || sha256(this.bearer);
    return JSON.stringify([who, this.#audience]);
  }

  /** Logs in unless a good login is held. @returns true. @throws LoginError when there is none to be had */
  async authenticate(): Promise<true> {
    try {
      await this.authorizer.getToken();
    } catch (error) {
      throw asLoginError(error);
    }
    return true;
  }

  /** Whether a login is held, however old. */
  isAuthenticated(): boolean {
    return this.authorizer.token !== undefined;
  }

  /** Whether no more than `authExpiryThreshold` seconds are left. */
  isExpired(): boolean {
    return !(this.expiresIn > this.authExpiryThreshold);
  }

  toString(): string {
    return `User(name=${this.name}, expiresIn=${this.expiresIn}s)`;
  }
}
