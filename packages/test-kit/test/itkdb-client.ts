// What the suites of the ITk's database need to talk to it: fetch refuses a GET with a body, which is this API's habit, so
// the requests are made by node:http; and tokens are read by node:crypto, which owes nothing to the clients' libraries.

import { createPublicKey, verify } from 'node:crypto';
import { request } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type { Itkdb } from '@axios-authorizer/test-kit';
import type { Agent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { JsonWebKey } from 'node:crypto';

export type Json = Readonly<Record<string, unknown>>;

export interface Told {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** Undefined when the body is no JSON. */
  readonly json: Json | undefined;
}

export interface Telling {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when it is a string. */
  readonly body?: unknown;
  readonly agent?: Agent;
}

interface CommandOptions extends Telling {
  readonly token?: string;
}

export const codes = { accessCode1: 'code-1', accessCode2: 'code-2' } as const;
export const scope = 'openid https://itkpd.unicornuniversity.net';
const jsonType = { 'content-type': 'application/json' } as const;

export async function tell(url: string, { method = 'GET', headers = {}, body, agent }: Telling = {}): Promise<Told> {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  const type = body === undefined ? {} : jsonType;
  const length = text === '' ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  const outgoing = request(url, { method, agent, headers: { ...type, ...length, ...headers } }).end(text);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const bytes = await buffer(response);
  return { status: response.statusCode ?? 0, headers: response.headers, bytes, json: parse(bytes) };
}

/** grantToken with the first user's codes but for `members`. */
export function grant(itkdb: Itkdb, members: object = {}): Promise<Told> {
  const body = { grant_type: 'password', ...codes, scope, ...members };
  return tell(`${itkdb.authUrl}grantToken`, { method: 'POST', body });
}

export async function idTokenOf(itkdb: Itkdb, members: object = {}): Promise<string> {
  return String((await grant(itkdb, members)).json?.['id_token']);
}

/** A command of the database, with a bearer when there is a `token`. */
export function command(itkdb: Itkdb, path: string, { token, ...telling }: CommandOptions = {}): Promise<Told> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return tell(`${itkdb.apiUrl}${path}`, { ...telling, headers: { ...authorization, ...telling.headers } });
}

/** '401 key: message', as a client reads it from the envelope. */
export function fault({ status, json }: Told): string {
  const [[key, error] = ['', {}]] = Object.entries((json?.['uuAppErrorMap'] ?? {}) as Record<string, Json>);
  return `${status} ${key}: ${String(error['message'])}`;
}

export async function keySet(itkdb: Itkdb): Promise<readonly JsonWebKey[]> {
  const { json } = await tell(`${itkdb.authUrl}listKeys`);
  return json?.['keys'] as JsonWebKey[];
}

/** A part of a token: 0 is its header, 1 its claims. */
export function part(token: string, index: 0 | 1): Json {
  return JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()) as Json;
}

/** Whether the key has signed the token by RS256. */
export function isSignedBy(token: string, key: JsonWebKey): boolean {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const input = Buffer.from(`${header}.${claims}`);
  const publicKey = createPublicKey({ key, format: 'jwk' });
  return verify('sha256', input, publicKey, Buffer.from(signature, 'base64url'));
}

function parse(bytes: Buffer): Json | undefined {
  try {
    return JSON.parse(bytes.toString()) as Json;
  } catch {
    return undefined;
  }
}
