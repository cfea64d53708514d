// One request for a token answers two questions: does the server know the client, and is there a token. Asked twice it would
// count twice where servers lock accounts.
import { isAuthenticationError } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';
import type { Token } from '@axios-authorizer/core';
import { blockedBy, ok, skipped, warning } from './check.js';
import type { Check, CheckContext, Finding } from './check.js';
import { endedBy, failureOf } from './failure.js';

/** What an examination has got hold of. */
export class TokenState {
  token: Token | undefined;
  /** What the packages reported meanwhile. */
  readonly notices: string[] = [];

  /** The secrets of the token. */
  get secrets(): readonly string[] {
    const { accessToken, refreshToken, idToken } = recordOf(this.token);
    return [accessToken, refreshToken, idToken].filter((text) => typeof text === 'string');
  }
}

export interface TokenChecksOptions {
  readonly state: TokenState;
  readonly needs: readonly string[];
  /** Asks once. */
  readonly ask: (context: CheckContext) => Promise<Token>;
  /** How the client, or the person, is called in "The server let … in". */
  readonly who: string;
  /** What to do about a refusal of the client, where the service knows better. Default: what is said of any. */
  readonly explain?: (error: unknown) => string | undefined;
  /** What is said of a good token besides its life. Default: nothing. */
  readonly about?: (token: Token) => string;
}

/** Client authentication and token, by one request. */
export function tokenChecks(options: TokenChecksOptions): readonly Check[] {
  const { state, needs, ask, who, about, explain } = options;
  let failed: { readonly error: unknown; readonly reported: boolean } | undefined;
  const client = async (context: CheckContext): Promise<Finding> => {
    try {
      state.token = await ask(context);
      return ok(`the server let ${who} in`);
    } catch (thrown) {
      const error = endedBy(context.signal, thrown);
      const answer = answerAbout(error);
      failed = { error, reported: answer === 'refused' };
      if (answer === 'refused') return explained(failureOf(error), explain?.(error));
      return answer === 'known' ? ok(`the server knows ${who}`) : skipped(`the server said nothing about ${who}`);
    }
  };
  const token = (context: CheckContext): Promise<Finding> => {
    if (failed !== undefined)
      return Promise.resolve(failed.reported ? blockedBy({ title: 'Client' }) : failureOf(failed.error));
    return Promise.resolve(tokenFinding(state, about, context));
  };
  return [
    { id: 'client', title: 'Client', needs, run: client },
    { id: 'token', title: 'Token', needs, run: token },
  ];
}

function explained(finding: Finding, advice: string | undefined): Finding {
  return finding.status === 'failure' && advice !== undefined ? { ...finding, advice } : finding;
}

/** Of the token endpoint's words those that say that the client itself is known. */
const KNOWN = new Set<unknown>(['invalid_scope', 'unauthorized_client', 'unsupported_grant_type', 'invalid_target']);
/** Refusals of a client that are not of the kind `credentials`. */
const REFUSED = /^(?:client_|key_|jku_|audience_|algorithm_|signature_|assertion_)/;

function answerAbout(error: unknown): 'refused' | 'known' | 'nothing' {
  if (!isAuthenticationError(error)) return 'nothing';
  const { error: word, exception } = recordOf(error);
  if (KNOWN.has(word) || error.code === 'scope_refused') return 'known';
  const isUnknown = exception === 'ResourceNotFoundException';
  return isUnknown || error.kind === 'credentials' || REFUSED.test(error.code) ? 'refused' : 'nothing';
}

const SHORT_MS = 60_000;

function tokenFinding({ token }: TokenState, about: TokenChecksOptions['about'], { clock }: CheckContext): Finding {
  if (token === undefined) return blockedBy({ title: 'Client' });
  const more = about === undefined ? '' : `, ${about(token)}`;
  const { expiresAt } = token;
  if (expiresAt === undefined)
    return warning(
      `a token of unknown life${more}`,
      'the server does not say when it expires (no expires_in), so it is used until an API rejects it; defaultLifetimeMs can say it',
    );
  const leftMs = expiresAt.getTime() - clock.now();
  const life = `a token for ${Math.round(leftMs / 1000)} s${more}`;
  if (leftMs >= SHORT_MS) return ok(life);
  return warning(
    life,
    'so short a lifetime costs a token request every few seconds: have it set to 5 minutes or more at the server',
  );
}

/** What was granted against what was asked for. @param missing what the server left out, blank-separated */
export function scopesFinding(granted: string | undefined, missing: string): Finding {
  if (missing !== '')
    return warning(
      `granted: ${granted ?? 'nothing'}; missing: ${missing}`,
      'have the missing scopes registered for the client, or do not ask for them: calls that need them will get 403',
    );
  return ok(
    granted === undefined || granted === ''
      ? 'the server does not say; none was asked for'
      : `granted as asked: ${granted}`,
  );
}

/** The scopes asked for that are not among those granted, letter by letter. */
export function notAmong(asked: string, granted: string): string {
  const grants = granted.split(/\s+/);
  return asked
    .split(/\s+/)
    .filter((scope) => scope !== '' && !grants.includes(scope))
    .join(' ');
}
