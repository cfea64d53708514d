// An authorization server and an API that take no proof on trust (RFC 9449 section 4.3): signature, method, URL, time, nonce, hash of
// the token and key are checked, and a proof that comes twice is counted.
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { startLoopback } from '@axios-authorizer/test-kit';
import type { LoopbackHandler, LoopbackServer } from '@axios-authorizer/test-kit';
import type { ServerResponse } from 'node:http';

type Received = Parameters<LoopbackHandler>[0];

type Kind = 'changing' | 'fixed' | 'endless';

export interface Settings {
  /** How far the servers' clock is ahead of ours, in ms. */
  skewMs?: number;
  /** Which servers want a nonce: a new one with each answer, the same, or one that never fits. */
  tokenNonce?: Kind | undefined;
  apiNonce?: Kind | undefined;
  tokenType?: string;
  expiresIn?: number;
  /** Whether the API wants another nonce with each new token. */
  noncePerToken?: boolean;
  /** What a page of another origin may read of the API's answers. Default: it may not call it at all. */
  cors?: 'all' | 'no headers' | undefined;
}

export interface Servers {
  readonly settings: Settings;
  readonly tokenUrl: string;
  readonly apiUrl: string;
  /** The proofs that came twice. */
  readonly replayed: string[];
  /** What was wrong with the proofs, or tokens, in order. */
  readonly rejections: string[];
  readonly refreshReuses: string[];
  /** The claims of each proof that was taken. */
  readonly proofs: Record<string, unknown>[];
  readonly apiRequests: Received[];
  readonly tokenRequests: Received[];
  /** Whoever has this access token gets `invalid_token` from now on. */
  readonly revoke: (accessToken: string) => void;
  /** The API takes the nonce that it has given no more. */
  readonly expireNonce: () => void;
  readonly stop: () => Promise<void>;
}

class Ledger {
  readonly replayed: string[] = [];
  readonly rejections: string[] = [];
  readonly refreshReuses: string[] = [];
  readonly proofs: Record<string, unknown>[] = [];
  readonly tokens = new Map<string, string>();
  readonly refreshTokens = new Map<string, string>();
  readonly spent = new Set<string>();
  readonly #seen = new Set<unknown>();
  count = 0;

  readonly settings: Settings;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  now(): number {
    return Date.now() + (this.settings.skewMs ?? 0);
  }

  /** @returns the thumbprint of the key @throws what is wrong */
  async check(
    request: Received,
    origin: string,
    wanted: { readonly nonce?: string | undefined; readonly accessToken?: string },
  ): Promise<string> {
    const proof = request.headers['dpop'];
    if (typeof proof !== 'string' || proof === '' || proof.includes(','))
      throw new Error('invalid_dpop_proof: none, or several');
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      currentDate: new Date(this.now()),
    });
    const problem = this.#problem(payload, {
      ...wanted,
      method: request.method,
      htu: origin + request.url.split('?', 1)[0],
    });
    if (problem !== undefined) throw new Error(problem);
    if (this.#seen.has(payload.jti)) this.replayed.push(String(payload.jti));
    this.#seen.add(payload.jti);
    this.proofs.push(payload);
    const { jwk } = protectedHeader;
    if (jwk === undefined || 'd' in jwk) throw new Error('invalid_dpop_proof: the jwk');
    return calculateJwkThumbprint(jwk);
  }

  #problem(
    claims: Record<string, unknown>,
    {
      method,
      htu,
      nonce,
      accessToken,
    }: { method: string; htu: string; nonce?: string | undefined; accessToken?: string },
  ): string | undefined {
    if (nonce !== undefined && claims['nonce'] !== nonce) return 'use_dpop_nonce';
    if (typeof claims['jti'] !== 'string' || claims['jti'].length < 16) return 'invalid_dpop_proof: jti';
    if (claims['htm'] !== method) return 'invalid_dpop_proof: htm';
    if (claims['htu'] !== htu) return 'invalid_dpop_proof: htu';
    if (Math.abs(Number(claims['iat']) * 1000 - this.now()) > 60_000) return 'invalid_dpop_proof: iat';
    const ath = accessToken === undefined ? undefined : createHash('sha256').update(accessToken).digest('base64url');
    return claims['ath'] === ath ? undefined : 'invalid_dpop_proof: ath';
  }
}

/** The nonce of a server, and the header that hands it out. */
class Nonces {
  current = 'nonce-0';
  #count = 0;

  readonly kind: () => Settings['apiNonce'];

  constructor(kind: () => Settings['apiNonce']) {
    this.kind = kind;
  }

  /** The one that was handed out last is not taken any more. */
  expire(): void {
    this.current = `nonce-of-${++this.#count}`;
  }

  get wanted(): string | undefined {
    const kind = this.kind();
    return kind === 'endless' ? 'never-given' : kind && this.current;
  }

  handOut(response: ServerResponse): void {
    if (this.kind() === undefined) return;
    if (this.kind() !== 'fixed') this.current = `nonce-${++this.#count}`;
    response.setHeader('DPoP-Nonce', this.current);
  }
}

export async function startServers(
  settings: Settings = {},
  routes: Record<string, LoopbackHandler> = {},
  onRequest?: () => void,
): Promise<Servers> {
  const ledger = new Ledger(settings);
  const forTokens = new Nonces(() => settings.tokenNonce);
  const forApi = new Nonces(() => settings.apiNonce);
  const endpoint: LoopbackServer = await startLoopback((request, response) => answerToken(request, response));
  const api: LoopbackServer = await startLoopback((request, response, raw) => {
    const route = routes[request.url.split('?', 1)[0] ?? ''];
    return answerApi(request, response, route && ((): void | Promise<void> => route(request, response, raw)));
  });

  async function answerToken(request: Received, response: ServerResponse): Promise<void> {
    response.setHeader('Date', new Date(ledger.now()).toUTCString());
    if (allowsPage(request, response, settings.cors && 'all')) return;
    const { wanted } = forTokens;
    try {
      const jkt = await ledger.check(request, endpoint.origin, { nonce: wanted });
      forTokens.handOut(response);
      grant(new URLSearchParams(request.body.toString()), jkt, response);
    } catch (error) {
      forTokens.handOut(response);
      reject(response, 400, error);
    }
  }

  function grant(form: URLSearchParams, jkt: string, response: ServerResponse): void {
    const presented = form.get('refresh_token');
    if (presented !== null) {
      if (ledger.spent.has(presented)) ledger.refreshReuses.push(presented);
      if (ledger.refreshTokens.get(presented) !== jkt) throw new Error('invalid_grant');
      ledger.refreshTokens.delete(presented);
      ledger.spent.add(presented);
    }
    if (settings.noncePerToken) forApi.expire();
    const number = ++ledger.count;
    ledger.tokens.set(`access-${number}`, jkt);
    ledger.refreshTokens.set(`refresh-${number}`, jkt);
    const members = { access_token: `access-${number}`, refresh_token: `refresh-${number}` };
    const { tokenType: token_type = 'DPoP', expiresIn: expires_in = 300 } = settings;
    send(response, 200, { ...members, token_type, expires_in });
  }

  async function answerApi(
    request: Received,
    response: ServerResponse,
    route?: () => void | Promise<void>,
  ): Promise<void> {
    response.setHeader('Date', new Date(ledger.now()).toUTCString());
    if (allowsPage(request, response, settings.cors)) return;
    onRequest?.();
    const { wanted } = forApi;
    const [scheme, accessToken = ''] = (request.headers.authorization ?? '').split(' ');
    try {
      if (scheme !== 'DPoP') throw new Error(`invalid_token: ${scheme}`);
      const jkt = await ledger.check(request, api.origin, { nonce: wanted, accessToken });
      forApi.handOut(response);
      if (ledger.tokens.get(accessToken) !== jkt) throw new Error('invalid_token');
      if (route) await route();
      else send(response, 200, { token: accessToken, body: request.body.toString() });
    } catch (error) {
      forApi.handOut(response);
      reject(response, 401, error);
    }
  }

  function reject(response: ServerResponse, status: number, thrown: unknown): void {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const [error = ''] = message.split(':');
    ledger.rejections.push(message);
    if (status === 401) response.setHeader('WWW-Authenticate', `DPoP error="${error}", algs="ES256"`);
    send(response, status, { error });
  }

  return {
    settings,
    tokenUrl: `${endpoint.origin}/token`,
    apiUrl: api.origin,
    replayed: ledger.replayed,
    rejections: ledger.rejections,
    refreshReuses: ledger.refreshReuses,
    proofs: ledger.proofs,
    apiRequests: api.requests,
    tokenRequests: endpoint.requests,
    expireNonce: () => forApi.expire(),
    revoke: (accessToken) => void ledger.tokens.delete(accessToken),
    stop: async () => {
      await Promise.all([endpoint.stop(), api.stop()]);
    },
  };
}

function send(response: ServerResponse, status: number, members: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(members));
}

/** What CORS asks for (Fetch standard, section 3.2). @returns whether it was a question of the browser alone */
function allowsPage({ method }: Received, response: ServerResponse, cors: Settings['cors']): boolean {
  if (cors === undefined) return false;
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', 'Authorization, DPoP, Content-Type');
  if (cors === 'all') response.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate, DPoP-Nonce, Date');
  if (method !== 'OPTIONS') return false;
  response.writeHead(204).end();
  return true;
}
