// Between a password and the tokens stands a row of challenges, held together by Sessions that live three minutes, are
// answered once, and forgive a mistyped code a few times.

import { randomBytes } from 'node:crypto';
import { CognitoFault, demandAuthorized } from '../fault.js';
import type { Members } from '../members.js';
import type { CognitoPoolClient } from '../options.js';
import type { Device } from './devices.js';
import type { PoolUser } from './user.js';

export interface SignIn {
  readonly user: PoolUser;
  readonly client: CognitoPoolClient;
  /** AuthFlow of InitiateAuth. */
  readonly flow: string;
  /** The device that has proven itself in this sign-in. */
  device: Device | undefined;
}

/** One challenge. */
export interface Step {
  readonly name: string;
  /** What is told to the client, asked for once: here codes are sent. */
  parameters(): Readonly<Record<string, string>>;
  /** What stands in the answer beside them; default nothing. */
  readonly beside?: object;
  /**
   * What has to be answered right after.
   * @throws CognitoFault NotAuthorizedException ends the sign-in, all others leave the Session good
   */
  answer(answers: Members): readonly Step[];
}

export interface Pending {
  readonly signIn: SignIn;
  readonly step: Step;
  readonly rest: readonly Step[];
}

interface Entry {
  readonly pending: Pending;
  readonly expiresAt: number;
  mismatches: number;
}

const lifeMs = 180_000;
const forgiven = 3;
const expired = 'Invalid session for the user, session is expired.';

export class ChallengeSessions {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #used = new Set<string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  open(pending: Pending): string {
    const session = randomBytes(192).toString('base64url');
    this.#entries.set(session, { pending, expiresAt: this.#now() + lifeMs, mismatches: 0 });
    return session;
  }

  /** @throws CognitoFault NotAuthorizedException when the Session is lapsed, used or unknown */
  find(session: string): Pending {
    demandAuthorized(!this.#used.has(session), 'Invalid session for the user, session can only be used once.');
    const entry = this.#entries.get(session);
    demandAuthorized(entry !== undefined && entry.expiresAt > this.#now(), expired);
    return entry.pending;
  }

  /** Has the Session's challenge answered, which uses the Session up unless the answer may be corrected. */
  answer(session: string, answers: Members): readonly Step[] {
    try {
      const further = this.find(session).step.answer(answers);
      this.spend(session);
      return further;
    } catch (error) {
      this.#noteRefusal(session, error);
      throw error;
    }
  }

  spend(session: string): void {
    this.#entries.delete(session);
    this.#used.add(session);
  }

  drop(): void {
    this.#entries.clear();
  }

  #noteRefusal(session: string, error: unknown): void {
    const type = error instanceof CognitoFault ? error.type : '';
    const entry = this.#entries.get(session);
    if (entry === undefined) {
      return;
    }
    entry.mismatches += type === 'CodeMismatchException' ? 1 : 0;
    if (type === 'NotAuthorizedException' || entry.mismatches >= forgiven) {
      this.#entries.delete(session);
    }
  }
}
