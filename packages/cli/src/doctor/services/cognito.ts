// What can be wrong between a user and a Cognito user pool. One sign-in, as the program would make it: a wrong password counts
// towards the pool's lockout, so it is sent once.
import { Authorizer } from '@axios-authorizer/core';
import { omitUndefined, parseObject, recordOf, sendForm } from '@axios-authorizer/core/extend';
import type { Token, Transport } from '@axios-authorizer/core';
import { SRPSource } from '@axios-authorizer/cognito';
import type { SRPOptions } from '@axios-authorizer/cognito';
import { callFinding } from '../call.js';
import { failure, ok, skipped } from '../check.js';
import type { Check, CheckContext, Finding, Subject } from '../check.js';
import { networkChecks } from '../network/checks.js';
import { tokenChecks, TokenState } from '../token-checks.js';
import { configurationCheck } from './configuration-check.js';

/** A user of a pool, as its service is described. */
export interface CognitoSubjectOptions extends Partial<
  Pick<SRPOptions, 'userPoolId' | 'endpoint' | 'username' | 'tokenUse' | 'authFlow'>
> {
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly password?: string | undefined;
  readonly allowInsecure?: boolean | undefined;
  readonly transport?: Transport | undefined;
  /** What is called with the token. Default: nothing. */
  readonly call?: string | undefined;
}

export function cognitoSubject(options: CognitoSubjectOptions): Subject {
  const visit = new CognitoVisit(options);
  const { clientId, clientSecret = '', password = '' } = options;
  const own = [clientSecret, password].filter((text) => text !== '');
  return { type: 'cognito', clientId, checks: visit.checks(), secrets: () => [...visit.state.secrets, ...own] };
}

class CognitoVisit {
  readonly state = new TokenState();
  readonly #options: CognitoSubjectOptions;

  constructor(options: CognitoSubjectOptions) {
    this.#options = options;
  }

  checks(): readonly Check[] {
    const { userPoolId, clientId, username, password } = this.#options;
    const configuration = configurationCheck({
      needed: { userPoolId, clientId, username, password },
      make: () => void this.#source(),
      found: () => `user pool ${userPoolId ?? ''}, user ${username ?? ''}`,
    });
    const network = networkChecks({
      ...this.#options,
      targets: () => [{ what: 'the user pool', url: this.#poolUrl() }],
      clockUrl: () => this.#keysUrl(),
    });
    const tokens = tokenChecks({
      state: this.state,
      needs: ['discovery'],
      who: 'this user',
      ask: ({ signal }) => this.#source().authorize({ signal }),
      about: (token) => `as ${String(recordOf(token)['username'])}`,
    });
    return [
      configuration,
      ...network,
      { id: 'discovery', title: 'User pool', needs: ['tls'], run: (context) => this.#pool(context) },
      ...tokens,
      { id: 'scopes', title: 'Scopes', needs: ['token'], run: async () => this.#scopes() },
      { id: 'call', title: 'A call', needs: ['token'], run: (context) => this.#call(context) },
    ];
  }

  #source(): SRPSource {
    const { clientId = '', clientSecret, call: _call, userPoolId = '', ...given } = this.#options;
    return new SRPSource({ clientId, ...omitUndefined({ clientSecret }) }, { ...given, userPoolId });
  }

  #poolUrl(): string {
    const { endpoint, userPoolId = '' } = this.#options;
    if (endpoint !== undefined) return endpoint.replace(/\/*$/, '/');
    const [region = ''] = userPoolId.split('_');
    return `https://cognito-idp.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`;
  }

  #keysUrl(): string {
    return `${this.#poolUrl()}${this.#options.userPoolId ?? ''}/.well-known/jwks.json`;
  }

  /** The pool's public keys: whoever cannot read them has the wrong pool or the wrong region. */
  async #pool({ signal, clock }: CheckContext): Promise<Finding> {
    const { transport, allowInsecure } = this.#options;
    const answer = await sendForm({
      url: this.#keysUrl(),
      headers: { Accept: 'application/json' },
      transport,
      allowInsecure,
      signal,
      clock,
    });
    const { keys } = recordOf(parseObject(answer.text));
    const found = `the key set of the pool was answered with ${answer.status}`;
    if (answer.status >= 500)
      return failure('unavailable', found, 'Cognito is away in this region, or the endpoint is: try again later');
    if (answer.status !== 200)
      return failure(
        'configuration',
        found,
        'there is no such pool: check userPoolId, whose first part is the region, and the endpoint if there is one',
      );
    if (!Array.isArray(keys))
      return failure(
        'configuration',
        `${found}, and holds no keys`,
        'something else answers for Cognito: check the endpoint, or the proxy on the way',
      );
    return ok(`the pool answers; ${keys.length} public keys`);
  }

  #scopes(): Finding {
    const { scope } = this.state.token ?? {};
    return scope === undefined
      ? skipped('tokens of a sign-in have the scope aws.cognito.signin.user.admin alone')
      : ok(scope);
  }

  async #call(context: CheckContext): Promise<Finding> {
    const { token } = this.state;
    const { call: url, transport, allowInsecure } = this.#options;
    if (url === undefined || token === undefined) return skipped('no URL to call is given (--call)');
    const finding = await callFinding(
      { url, headers: this.#headersFor(token), ...omitUndefined({ transport, allowInsecure }) },
      context,
    );
    const isRejected = finding.status === 'failure' && finding.found.includes('answered with 401');
    return isRejected
      ? { ...finding, advice: `${finding.advice}; ${OTHER_TOKEN[this.#options.tokenUse ?? 'access']}` }
      : finding;
  }

  #headersFor(token: Token): Record<string, string> {
    return new Authorizer<Token>(() => Promise.resolve(token)).headersFor(
      this.#options.tokenUse === 'id' && token.idToken !== undefined ? { ...token, accessToken: token.idToken } : token,
    );
  }
}

const OTHER_TOKEN = {
  access: 'an API Gateway with a Cognito authorizer and no scopes wants the id token: tokenUse: "id"',
  id: 'an API that looks at scopes wants the access token: tokenUse: "access"',
} as const;
