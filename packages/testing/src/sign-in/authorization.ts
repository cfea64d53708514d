// Signs a person in by a page (RFC 6749 section 4.1, RFC 7636, RFC 9207), and holds the code to what it was issued for.
import { createHash } from 'node:crypto';
import { randomText } from '../random-text.js';
import type { Answer } from '../server/answer.js';
import type { Received } from '../server/loopback.js';
import { refusal } from '../server/refusal.js';
import { parametersOf } from '../server/request.js';
import type { IdTokens } from './id-tokens.js';
import { askingPage, decisionOf, messagePage } from './page.js';
import type { SignIns } from './page.js';

/** What both ways of signing in go by. */
export interface SignInOptions {
  readonly clientId: string;
  /** A client without a secret, which must prove by PKCE that the code is its own (RFC 9700 section 2.1.1). */
  readonly isPublic: boolean;
  readonly clock: { now(): number };
  readonly signIns: SignIns;
  /** Where the server is. */
  readonly issuer: () => string;
  readonly idTokens: IdTokens;
}

/** What was granted, or why nothing was. */
export interface Redeemed {
  readonly refusal?: Answer;
  readonly scope?: string | undefined;
  readonly idToken?: string | undefined;
}

interface Code {
  readonly redirectUri: string;
  readonly scope: string | undefined;
  readonly challenge: string | undefined;
  readonly dpopJkt: string | undefined;
  readonly nonce: string | undefined;
  readonly expiresAt: number;
  isSpent: boolean;
}

/** RFC 6749 section 4.1.2. */
const LIFETIME_MS = 600_000;
/** Each comes once at most (RFC 6749 section 3.1). */
const SINGLE = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'code_challenge', 'dpop_jkt', 'nonce'];
/** Apps have schemes of their own; these are not. */
const OF_SCRIPT = /^(?:javascript|data|vbscript|blob|about):$/;

export class AuthorizationDesk {
  readonly #options: SignInOptions;
  readonly #codes = new Map<string, Code>();

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** Every code that was issued. */
  get codes(): readonly string[] {
    return [...this.#codes.keys()];
  }

  /** Answers the browser: with the page, or back to where it came from. */
  answer(request: Received): Answer {
    const { clientId, signIns } = this.#options;
    const params = parametersOf(request);
    const redirectUri = params.get('redirect_uri') ?? '';
    if (params.get('client_id') !== clientId)
      return messagePage(`client_id must be ${clientId}: no other client is known here.`, 400);
    if (!isRedirectUri(redirectUri))
      return messagePage('redirect_uri must be an absolute URL without a fragment.', 400);
    const problem = this.#problemIn(params);
    if (problem !== undefined) return this.#back(params, { error: problem[0], error_description: problem[1] });
    const decision = decisionOf(request, signIns);
    if (decision === 'ask') return askingPage(questionOf(params));
    return this.#back(params, decision === 'approve' ? { code: this.#newCode(params) } : { error: 'access_denied' });
  }

  /** A code that was not issued here is good for a token: a test may do without the page. */
  redeem(params: URLSearchParams, boundTo: string | undefined): Redeemed {
    if (!params.get('code')) return { refusal: refusal('invalid_request', 'code is missing') };
    const code = this.#codes.get(params.get('code') ?? '');
    if (code === undefined) return {};
    const problem = this.#mismatch(code, params, boundTo);
    if (problem !== undefined) return { refusal: refusal('invalid_grant', problem) };
    code.isSpent = true;
    return { scope: code.scope, idToken: this.#options.idTokens.for(code.scope, code.nonce) };
  }

  #problemIn(params: URLSearchParams): readonly [error: string, description: string] | undefined {
    const twice = SINGLE.find((name) => params.getAll(name).length > 1);
    if (twice !== undefined) return ['invalid_request', `${twice} comes twice`];
    if (params.get('response_type') !== 'code') return ['unsupported_response_type', 'response_type must be code'];
    if ((params.get('response_mode') ?? 'query') !== 'query') return ['invalid_request', 'response_mode must be query'];
    const challenge = params.get('code_challenge');
    if (challenge === null)
      return this.#options.isPublic ? ['invalid_request', 'code_challenge is missing (RFC 7636)'] : undefined;
    if (params.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge))
      return ['invalid_request', 'code_challenge must be a SHA-256 in base64url, and code_challenge_method S256'];
    return undefined;
  }

  #newCode(params: URLSearchParams): string {
    const code = `fake-code-${randomText()}`;
    const text = (name: string): string | undefined => params.get(name) ?? undefined;
    this.#codes.set(code, {
      redirectUri: params.get('redirect_uri') ?? '',
      scope: text('scope'),
      challenge: text('code_challenge'),
      dpopJkt: text('dpop_jkt'),
      nonce: text('nonce'),
      expiresAt: this.#options.clock.now() + LIFETIME_MS,
      isSpent: false,
    });
    return code;
  }

  #mismatch(code: Code, params: URLSearchParams, boundTo: string | undefined): string | undefined {
    const { challenge, dpopJkt, expiresAt, isSpent, redirectUri } = code;
    const verifier = params.get('code_verifier') ?? undefined;
    if (isSpent) return 'the code was used before';
    if (expiresAt <= this.#options.clock.now()) return 'the code has expired';
    if (params.get('redirect_uri') !== redirectUri) return 'redirect_uri is not that of the authorization request';
    if (challengeOf(verifier) !== challenge) return 'code_verifier does not fit code_challenge (RFC 7636)';
    return dpopJkt === undefined || dpopJkt === boundTo ? undefined : 'the proof is by another key than dpop_jkt says';
  }

  /** Back to the client (RFC 6749 section 4.1.2), by GET. */
  #back(params: URLSearchParams, answer: Readonly<Record<string, string>>): Answer {
    const url = new URL(params.get('redirect_uri') ?? '');
    const state = params.get('state');
    const all = { ...answer, ...(state !== null && { state }), iss: this.#options.issuer() };
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
    return {
      ...messagePage('You can close this window.', 303),
      headers: { location: url.href, 'cache-control': 'no-store' },
    };
  }
}

function questionOf(params: URLSearchParams): string {
  const scope = params.get('scope');
  const what = scope ? ` It asks for: ${scope}.` : '';
  return `Let ${params.get('client_id') ?? ''} act for you?${what} You come back to ${params.get('redirect_uri') ?? ''}`;
}

function isRedirectUri(text: string): boolean {
  return URL.canParse(text) && !text.includes('#') && !OF_SCRIPT.test(new URL(text).protocol);
}

function challengeOf(verifier: string | undefined): string | undefined {
  return verifier === undefined ? undefined : createHash('sha256').update(verifier).digest('base64url');
}
