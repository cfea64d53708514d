// The pool's pages and its token endpoint (hosted UI, managed login), as strict as the service: URLs are compared letter for
// letter, a code is good once and only with the verifier of its challenge. Who comes is signed in at once, without a page.

import { createHash, randomUUID } from 'node:crypto';
import { reply } from '@axios-authorizer/testing/extend';
import { CognitoFault } from './fault.js';
import type { Answer, Received } from '@axios-authorizer/testing/extend';
import type { CognitoContext } from './context.js';
import type { CognitoHostedUi, CognitoPoolClient } from './options.js';
import type { TokenOrigin } from './state/tokens.js';
import type { ServerResponse } from 'node:http';

interface Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  readonly about: Pick<TokenOrigin, 'user' | 'clientId' | 'deviceKey' | 'scope' | 'nonce'>;
  readonly expiresAt: number;
}

const codeLifeMs = 300_000;

export class HostedUiPages {
  readonly #context: CognitoContext;
  readonly #settings: CognitoHostedUi;
  readonly #grants = new Map<string, Grant>();
  readonly #routes: Readonly<Record<string, (request: Received, url: URL) => Answer>> = {
    'GET /oauth2/authorize': (_, url) => this.#authorize(url.searchParams),
    'POST /oauth2/token': (request) => this.#token(request),
    'POST /oauth2/revoke': (request) => this.#revoke(request),
    'GET /logout': (_, url) => this.#logout(url.searchParams),
  };

  constructor(context: CognitoContext, settings: CognitoHostedUi) {
    this.#context = context;
    this.#settings = settings;
  }

  /** Whether the request was one for these pages, which are answered then. @param scripted what a test wants answered instead */
  async serve(
    request: Received,
    response: ServerResponse,
    scripted: (path: string) => Answer | undefined,
  ): Promise<boolean> {
    const url = new URL(request.url, 'http://pool');
    const route = this.#routes[`${request.method} ${url.pathname}`];
    if (route === undefined) {
      return false;
    }
    await reply(response, scripted(url.pathname) ?? {}, () => route(request, url));
    return true;
  }

  #authorize(query: URLSearchParams): Answer {
    const redirectUri = query.get('redirect_uri') ?? '';
    const client = this.#context.clients.find(({ clientId }) => clientId === query.get('client_id'));
    if (client === undefined || !this.#settings.redirectUris.includes(redirectUri)) {
      return page('redirect_mismatch');
    }
    const back = new URL(redirectUri);
    const error = this.#fault(query);
    if (error === undefined) {
      back.searchParams.set('code', this.#grantCode(client, redirectUri, query));
    } else {
      back.searchParams.set('error', error);
    }
    const state = query.get('state');
    if (state !== null) {
      back.searchParams.set('state', state);
    }
    if (this.#settings.answersIssuer !== undefined) {
      back.searchParams.set('iss', this.#settings.answersIssuer);
    }
    return { status: 302, text: '', headers: { location: back.href } };
  }

  #fault(query: URLSearchParams): string | undefined {
    const { scopes = ['openid', 'profile', 'email', 'things/read'] } = this.#settings;
    if (query.get('response_type') !== 'code') {
      return 'unsupported_response_type';
    }
    if (query.has('code_challenge') && query.get('code_challenge_method') !== 'S256') {
      return 'invalid_request';
    }
    const isKnown = scopesIn(query).every((scope) => scopes.includes(scope));
    return isKnown ? undefined : 'invalid_scope';
  }

  #grantCode({ clientId }: CognitoPoolClient, redirectUri: string, query: URLSearchParams): string {
    const { users, now } = this.#context;
    const nonce = query.get('nonce') ?? undefined;
    const about = { user: users.named(this.#settings.username), clientId, deviceKey: undefined };
    const scope =
      query.get('scope') ?? (this.#settings.scopes ?? ['openid', 'profile', 'email', 'things/read']).join(' ');
    const code = randomUUID();
    this.#grants.set(code, {
      clientId,
      redirectUri,
      challenge: query.get('code_challenge') ?? undefined,
      about: { ...about, scope, ...(nonce !== undefined && { nonce }) },
      expiresAt: now() + codeLifeMs,
    });
    return code;
  }

  #token(request: Received): Answer {
    const form = new URLSearchParams(request.body.toString());
    const clientId = this.#clientOf(request, form);
    if (clientId === undefined) {
      return refusal('invalid_client');
    }
    const grantType = form.get('grant_type');
    if (grantType === 'authorization_code') {
      return this.#redeem(clientId, form);
    }
    return grantType === 'refresh_token' ? this.#refresh(clientId, form) : refusal('unsupported_grant_type');
  }

  #redeem(clientId: string, form: URLSearchParams): Answer {
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const isOurs = grant?.clientId === clientId && grant.redirectUri === form.get('redirect_uri');
    if (!isOurs || grant.expiresAt <= this.#context.now() || !isProven(grant, form.get('code_verifier'))) {
      return refusal('invalid_grant');
    }
    const { origin, refreshToken } = this.#context.refreshTokens.found(grant.about);
    return this.#tokens(origin, { refresh_token: refreshToken });
  }

  #refresh(clientId: string, form: URLSearchParams): Answer {
    const token = form.get('refresh_token') ?? '';
    const { refreshTokens } = this.#context;
    try {
      const origin = refreshTokens.check(token);
      const successor = refreshTokens.successor(token);
      return origin.clientId === clientId
        ? this.#tokens(origin, successor === undefined ? {} : { refresh_token: successor })
        : refusal('invalid_grant');
    } catch (error) {
      if (error instanceof CognitoFault) {
        return refusal('invalid_grant');
      }
      throw error;
    }
  }

  /** Like the service, it answers no scope. An id token is for those who asked for openid. */
  #tokens(origin: TokenOrigin, more: object): Answer {
    const { AccessToken, IdToken, ExpiresIn } = this.#context.mint.issue(origin);
    const isOpenId = origin.scope?.split(' ').includes('openid') === true;
    const tokens = { access_token: AccessToken, ...(isOpenId && { id_token: IdToken }), ...more };
    return { json: { ...tokens, token_type: 'Bearer', expires_in: ExpiresIn } };
  }

  #revoke(request: Received): Answer {
    const token = new URLSearchParams(request.body.toString()).get('token') ?? '';
    const origin = this.#context.refreshTokens.originOf(token);
    this.#context.refreshTokens.revoke((one) => one === origin);
    return { text: '' };
  }

  #logout(query: URLSearchParams): Answer {
    const uri = query.get('logout_uri') ?? '';
    const isKnown = this.#context.clients.some(({ clientId }) => clientId === query.get('client_id'));
    const isListed = this.#settings.logoutUris?.includes(uri) === true;
    return isKnown && isListed ? { status: 302, text: '', headers: { location: uri } } : page('logout_uri mismatch');
  }

  /** Basic with a secret, client_id in the form without (RFC 6749, 2.3.1). */
  #clientOf({ headers }: Received, form: URLSearchParams): string | undefined {
    const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
    const [id = '', secret = ''] = Buffer.from(basic ?? '', 'base64')
      .toString()
      .split(':')
      .map(formDecoded);
    const [clientId, clientSecret] = basic === undefined ? [form.get('client_id'), undefined] : [id, secret];
    const known = this.#context.clients.find((client) => client.clientId === clientId);
    return known !== undefined && known.clientSecret === clientSecret ? known.clientId : undefined;
  }
}

function isProven({ challenge }: Grant, verifier: string | null): boolean {
  if (challenge === undefined) {
    return verifier === null;
  }
  return createHash('sha256').update(String(verifier)).digest('base64url') === challenge;
}

function scopesIn(query: URLSearchParams): readonly string[] {
  return (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function refusal(error: string): Answer {
  return { status: 400, json: { error } };
}

/** What the service shows in place of sending anybody anywhere. */
function page(text: string): Answer {
  return { status: 400, text };
}
