// What the pool knows of one user: the password as SRP keeps it, the codes that a phone or an authenticator would show,
// and what stands between the password and the tokens.

import { randomInt, randomUUID } from 'node:crypto';
import { demand, demandAuthorized } from '../fault.js';
import { srpVerifier, toBigInt } from '../steps/srp.js';
import { isTotp, newSecretCode, sixDigits, totp } from '../steps/totp.js';
import type { CognitoMfa, CognitoPoolUser } from '../options.js';
import type { SrpSubject } from '../steps/proofs.js';

export interface UserOptions {
  /** What follows "_" in the pool id. */
  readonly poolName: string;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

export const saltBytes = 16;

export class PoolUser {
  /** USER_ID_FOR_SRP. */
  readonly name: string;
  readonly sub: string;
  readonly profile: CognitoPoolUser;
  readonly attributes: Map<string, string> = new Map<string, string>();
  password = '';
  disabled: boolean;
  mustChangePassword: boolean;
  mfa: CognitoMfa | undefined;
  needsMfaSetup: boolean;
  #secretCode = newSecretCode();
  #delivered = sixDigits(0);
  /** What `code` shows depends on what was asked last. */
  #asked: CognitoMfa | 'SMS_OTP';
  #subject: SrpSubject | undefined;
  readonly #options: UserOptions;

  constructor(profile: CognitoPoolUser, options: UserOptions) {
    const { username, password, sub = randomUUID(), internalUsername = username, email, phone } = profile;
    this.name = internalUsername;
    this.sub = sub;
    this.profile = profile;
    this.disabled = profile.disabled ?? false;
    this.mustChangePassword = profile.mustChangePassword ?? false;
    this.mfa = profile.mfa;
    this.needsMfaSetup = this.mfasCanSetup.length > 0;
    this.#asked = profile.mfa ?? 'SOFTWARE_TOKEN_MFA';
    this.#options = options;
    this.setPassword(password);
    note(this.attributes, { sub, email, phone_number: phone });
  }

  /** MFAS_CAN_SETUP; empty for a user who need not set up any. */
  get mfasCanSetup(): readonly CognitoMfa[] {
    const { mfaSetup = false } = this.profile;
    return typeof mfaSetup === 'boolean' ? (mfaSetup ? ['SOFTWARE_TOKEN_MFA'] : []) : mfaSetup;
  }

  /** What the server keeps of the password, made when it is first needed. */
  get subject(): SrpSubject {
    this.#subject ??= this.#newSubject();
    return this.#subject;
  }

  get code(): string {
    return this.#asked === 'SOFTWARE_TOKEN_MFA' ? totp(this.#secretCode, this.#options.now()) : this.#delivered;
  }

  setPassword(password: string): void {
    this.password = password;
    this.#subject = undefined;
  }

  is(sent: string): boolean {
    const { username, email, phone } = this.profile;
    return [this.name, username, email, phone].includes(sent);
  }

  /** Sends a code by SMS or e-mail; the authenticator needs no sending. */
  ask(kind: CognitoMfa | 'SMS_OTP'): void {
    this.#asked = kind;
    this.#delivered = sixDigits(randomInt(1_000_000));
  }

  associateSoftwareToken(): string {
    this.#asked = 'SOFTWARE_TOKEN_MFA';
    this.#secretCode = newSecretCode();
    return this.#secretCode;
  }

  completeMfaSetup(kind: CognitoMfa): void {
    if (this.needsMfaSetup) {
      this.needsMfaSetup = false;
      this.mfa = kind;
    }
  }

  accepts(kind: CognitoMfa | 'SMS_OTP', code: string): boolean {
    return kind === 'SOFTWARE_TOKEN_MFA'
      ? isTotp(this.#secretCode, code, this.#options.now())
      : code === this.#delivered;
  }

  /** @throws CognitoFault for whom a right password does not help */
  demandActive(): void {
    const { confirmed = true, mustResetPassword = false } = this.profile;
    demandAuthorized(!this.disabled, 'User is disabled.');
    demand(confirmed, 'UserNotConfirmedException', 'User is not confirmed.');
    demand(!mustResetPassword, 'PasswordResetRequiredException', 'Password reset required for the user');
  }

  #newSubject(): SrpSubject {
    const identity = { group: this.#options.poolName, id: this.name };
    const salt = toBigInt(this.#options.randomBytes(saltBytes));
    return { ...identity, salt, verifier: srpVerifier(identity, this.password, salt) };
  }
}

function note(attributes: Map<string, string>, values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) {
      attributes.set(name, value);
    }
  }
}
