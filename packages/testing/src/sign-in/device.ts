// Signs a person in on another device (RFC 8628): gives codes out, has them decided on a page, and slows down who asks too often.
import { randomInt } from 'node:crypto';
import { ConfigurationError } from '@axios-authorizer/core';
import { randomText } from '../random-text.js';
import type { Answer } from '../server/answer.js';
import type { Received } from '../server/loopback.js';
import { refusal } from '../server/refusal.js';
import { parametersOf } from '../server/request.js';
import type { Redeemed, SignInOptions } from './authorization.js';
import { askingPage, codePage, decisionOf, messagePage } from './page.js';
import type { SignIns } from './page.js';

export interface DeviceOptions extends SignInOptions {
  readonly intervalS: number;
  readonly lifetimeS: number;
}

interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly scope: string | undefined;
  readonly expiresAt: number;
  decision: SignIns;
  isSpent: boolean;
  intervalMs: number;
  askedAt: number;
}

/** Letters that make no words and are not mistaken for others (section 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const SLOWER_BY_MS = 5000;
/** A timer that is a little early is no hurry. */
const EARLY_MS = 100;

export class DeviceDesk {
  readonly #options: DeviceOptions;
  readonly #codes: DeviceCode[] = [];

  constructor(options: DeviceOptions) {
    this.#options = options;
  }

  /** Every device code that was issued. */
  get codes(): readonly string[] {
    return this.#codes.map(({ deviceCode }) => deviceCode);
  }

  /** Section 3.2. The client has been authenticated. */
  begin(params: URLSearchParams): Answer {
    const { clock, intervalS, issuer, lifetimeS, signIns } = this.#options;
    const code = { deviceCode: `fake-device-code-${randomText()}`, userCode: newUserCode() };
    const scope = params.get('scope') ?? undefined;
    const expiresAt = clock.now() + lifetimeS * 1000;
    const asked = { intervalMs: intervalS * 1000, askedAt: Number.NEGATIVE_INFINITY };
    this.#codes.push({ ...code, ...asked, scope, expiresAt, decision: signIns, isSpent: false });
    const page = `${issuer()}/device`;
    return {
      headers: { 'cache-control': 'no-store' },
      json: {
        device_code: code.deviceCode,
        user_code: code.userCode,
        verification_uri: page,
        verification_uri_complete: `${page}?user_code=${code.userCode}`,
        expires_in: lifetimeS,
        interval: intervalS,
      },
    };
  }

  /** The page: which code, and then whether (section 3.3). */
  page(request: Received): Answer {
    const typed = parametersOf(request).get('user_code');
    if (typed === null) return codePage();
    const code = this.#pending(typed);
    if (code === undefined) return messagePage('No device waits with this code (any more).', 400);
    code.decision = decisionOf(request, code.decision);
    if (code.decision !== 'ask')
      return messagePage(`${code.decision === 'approve' ? 'Approved' : 'Declined'}. Back to the device.`);
    const { clientId } = this.#options;
    return askingPage(
      `Does your device show ${code.userCode}? Let ${clientId} act for you there?${asking(code.scope)}`,
    );
  }

  /** @throws ConfigurationError for a code that no device shows */
  decide(userCode: string, decision: SignIns): void {
    const code = this.#pending(userCode);
    if (code === undefined) throw new ConfigurationError('No device waits with this user code (any more)');
    code.decision = decision;
  }

  /** Section 3.5. */
  redeem(params: URLSearchParams): Redeemed {
    const code = this.#codes.find(({ deviceCode }) => deviceCode === params.get('device_code'));
    if (code === undefined || code.isSpent)
      return { refusal: refusal('invalid_grant', 'the device code is unknown, or was used') };
    const now = this.#options.clock.now();
    if (code.expiresAt <= now) return { refusal: refusal('expired_token', 'the device code has expired') };
    if (code.decision === 'decline') return { refusal: refusal('access_denied', 'the person has declined') };
    if (code.decision === 'ask') return { refusal: pending(code, now) };
    code.isSpent = true;
    return { scope: code.scope, idToken: this.#options.idTokens.for(code.scope) };
  }

  /** However it was typed in (section 6.1). */
  #pending(typed: string): DeviceCode | undefined {
    const letters = lettersOf(typed);
    const now = this.#options.clock.now();
    return this.#codes.find((code) => lettersOf(code.userCode) === letters && !code.isSpent && code.expiresAt > now);
  }
}

/** Who asks too early asks less often from then on. */
function pending(code: DeviceCode, now: number): Answer {
  const isEarly = now - code.askedAt < code.intervalMs - EARLY_MS;
  code.askedAt = now;
  if (!isEarly) return refusal('authorization_pending', 'the person has not decided yet');
  code.intervalMs += SLOWER_BY_MS;
  return refusal('slow_down', `ask every ${code.intervalMs / 1000} seconds`);
}

function asking(scope: string | undefined): string {
  return scope === undefined ? '' : ` It asks for: ${scope}.`;
}

function lettersOf(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z]/g, '');
}

function newUserCode(): string {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
