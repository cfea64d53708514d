// Token exchange and JWT bearer are grants that oidc-provider has not. This server is written from the words and the examples of
// RFC 8693 (sections 2.1 to 2.3, appendix A) and RFC 7523 (sections 2.1, 3 and 3.1), and from no client of them.

import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { startLoopback } from '@axios-authorizer/testing/extend';
import type { LoopbackServer, Received } from '@axios-authorizer/testing/extend';

/** A token that may be handed in. */
export interface ExchangeParty {
  readonly sub: string;
  /** The URN of what it is. */
  readonly type: string;
}

export interface AssertionGrantsOptions {
  /** Signs assertions by HS256, as agreed between issuer and server (RFC 7523 section 3, point 9). */
  readonly assertionKey?: string;
  /** Who may issue assertions. */
  readonly assertionIssuer?: string;
  /** The names that `audience` may hold (RFC 8693 section 2.1). Default: whatever a client asks for. */
  readonly audiences?: readonly string[];
  /** In seconds. Default: 60, as in the example of section 2.3. */
  readonly expiresIn?: number;
  /** Whether a refresh token is issued with it (section 2.2.1). Default: no. */
  readonly refreshTokens?: boolean;
}

/** What was issued, by its access token. */
export interface IssuedToken {
  readonly sub: string;
  readonly actor?: string;
  readonly audience: readonly string[];
  readonly resource: readonly string[];
}

export interface AssertionGrants {
  readonly tokenUrl: string;
  readonly server: LoopbackServer;
  /** Tokens that may be handed in; one that is taken out is refused from then on. */
  readonly parties: Map<string, ExchangeParty>;
  readonly issued: Map<string, IssuedToken>;
  /** The forms that came, in order. */
  readonly forms: readonly URLSearchParams[];
  /** Members in place of those of the next answers. */
  answer: object;
  stop(): Promise<void>;
}

const TYPE = 'urn:ietf:params:oauth:token-type:';
const TYPES = ['access_token', 'refresh_token', 'id_token', 'saml1', 'saml2', 'jwt'].map((name) => TYPE + name);

/** An error of RFC 6749 section 5.2. */
class Refusal extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

export async function startAssertionGrants(options: AssertionGrantsOptions = {}): Promise<AssertionGrants> {
  const forms: URLSearchParams[] = [];
  const desk = new Desk(options);
  const server = await startLoopback((request, response) => {
    const form = formOf(request);
    forms.push(form);
    response.setHeader('content-type', 'application/json');
    response.setHeader('cache-control', 'no-cache, no-store');
    try {
      const body = { ...desk.grant(form, `${server.origin}/token`), ...grants.answer };
      response.end(JSON.stringify(body));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.statusCode = 400;
      response.end(JSON.stringify({ error: error.error, error_description: error.message }));
    }
  });
  const { parties, issued } = desk;
  const tokenUrl = `${server.origin}/token`;
  const grants: AssertionGrants = { tokenUrl, server, parties, issued, forms, answer: {}, stop: () => server.stop() };
  return grants;
}

function formOf({ method, headers, body }: Received): URLSearchParams {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  if (method !== 'POST' || !isForm) throw new Error('A token request is a form that is posted (RFC 6749 section 3.2)');
  return new URLSearchParams(body.toString());
}

class Desk {
  readonly parties = new Map<string, ExchangeParty>();
  readonly issued = new Map<string, IssuedToken>();
  readonly #options: AssertionGrantsOptions;
  readonly #refreshTokens = new Map<string, IssuedToken>();
  readonly #seen = new Set<unknown>();

  constructor(options: AssertionGrantsOptions) {
    this.#options = options;
  }

  grant(form: URLSearchParams, tokenUrl: string): object {
    const grantType = form.get('grant_type');
    if (grantType === 'urn:ietf:params:oauth:grant-type:token-exchange') return this.#exchange(form);
    if (grantType === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return this.#assertion(form, tokenUrl);
    if (grantType === 'refresh_token') return this.#refresh(form);
    throw new Refusal('unsupported_grant_type', 'Neither of the two grants');
  }

  /** RFC 8693 section 2.1. */
  #exchange(form: URLSearchParams): object {
    const { sub } = this.#party(form, 'subject');
    const actor = form.has('actor_token') ? this.#party(form, 'actor').sub : undefined;
    if (actor === undefined && form.has('actor_token_type'))
      throw new Refusal('invalid_request', 'actor_token_type must not be there without actor_token');
    const requested = form.get('requested_token_type') ?? `${TYPE}access_token`;
    if (!TYPES.includes(requested)) throw new Refusal('invalid_request', 'That type is not issued here');
    const [audience, resource] = [form.getAll('audience'), form.getAll('resource')];
    const { audiences = audience } = this.#options;
    if (!audience.every((name) => audiences.includes(name)) || !resource.every(isResource))
      throw new Refusal('invalid_target', 'That is no target (section 2.2.2)');
    const tokenType = requested.endsWith('access_token') || requested.endsWith('jwt') ? 'Bearer' : 'N_A';
    const token = { sub, audience, resource, ...(actor !== undefined && { actor }) };
    return { ...this.#issue(token), issued_token_type: requested, token_type: tokenType };
  }

  #party(form: URLSearchParams, name: 'subject' | 'actor'): ExchangeParty {
    const [text, type] = [form.get(`${name}_token`), form.get(`${name}_token_type`)];
    const party = this.parties.get(text ?? '');
    if (!text || !type) throw new Refusal('invalid_request', `${name}_token and ${name}_token_type are required`);
    if (party === undefined || party.type !== type)
      throw new Refusal('invalid_request', `The ${name}_token is invalid (section 2.2.2)`);
    return party;
  }

  /** RFC 7523 section 3, in the order of its points. */
  #assertion(form: URLSearchParams, tokenUrl: string): object {
    const { assertionKey, assertionIssuer } = this.#options;
    const assertion = form.get('assertion') ?? '';
    const { iss, sub, aud, exp, jti } = claimsOf(assertion, assertionKey ?? '');
    const isGood =
      iss === assertionIssuer &&
      typeof sub === 'string' &&
      [aud].flat().includes(tokenUrl) &&
      typeof exp === 'number' &&
      exp * 1000 > Date.now() &&
      !this.#seen.has(jti);
    if (!isGood) throw new Refusal('invalid_grant', 'The assertion is not good (section 3.1)');
    if (jti !== undefined) this.#seen.add(jti);
    return { ...this.#issue({ sub, audience: [], resource: [] }), token_type: 'Bearer' };
  }

  #refresh(form: URLSearchParams): object {
    const token = this.#refreshTokens.get(form.get('refresh_token') ?? '');
    if (token === undefined) throw new Refusal('invalid_grant', 'No such refresh token');
    return { ...this.#issue(token), token_type: 'Bearer' };
  }

  #issue(token: IssuedToken): object {
    const { expiresIn = 60, refreshTokens = false } = this.#options;
    const [access, refresh] = [`exchanged-${randomUUID()}`, `refresh-${randomUUID()}`];
    this.issued.set(access, token);
    if (refreshTokens) this.#refreshTokens.set(refresh, token);
    return { access_token: access, expires_in: expiresIn, ...(refreshTokens && { refresh_token: refresh }) };
  }
}

/** An absolute URI without a fragment (section 2.1). */
function isResource(text: string): boolean {
  return URL.canParse(text) && !text.includes('#');
}

function claimsOf(jwt: string, key: string): Readonly<Record<string, unknown>> {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const expected = createHmac('sha256', key).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new Refusal('invalid_grant', 'The signature of the assertion is not good');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return typeof claims === 'object' && claims !== null ? Object.fromEntries(Object.entries(claims)) : {};
}

/** An assertion of RFC 7523 section 3 by HS256. */
export function signedAssertion(claims: object, key: string): string {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}
