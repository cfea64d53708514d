// Verifies the id token of a login: RS256 under a key of the login service, for our audience, by that issuer.
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isAuthenticationError, TokenEndpointError } from '@axios-authorizer/core';
import {
  asString,
  sendForm,
  endpointError,
  JwksCache,
  jwtClaims,
  recordOf,
  parseObject,
} from '@axios-authorizer/core/extend';
import type { AuthenticationError, Clock, Transport } from '@axios-authorizer/core';
import { LoginError } from './login-error.js';

export interface IdTokenOptions {
  /** The login service; ends in "/". The key set lies beside grantToken. */
  readonly authUrl: string;
  readonly audience: string;
  /** Who may have issued the token: one, several, or anybody (false). */
  readonly issuer: string | readonly string[] | false;
  /** In seconds. */
  readonly leeway: number;
  readonly allowInsecure?: boolean | undefined;
  readonly transport: Transport | undefined;
  readonly clock: Clock;
}

/** The service's own tokens name the keys, once a login: there is no storm to fear, and a rotation costs nothing. */
const READ_AT_ONCE = { shortestIntervalMs: 0 };

/** A verifier that keeps the keys of the service, and reads them again when a token names one that is not among them, or is not signed by it. */
export function idTokenVerifier(options: IdTokenOptions): (idToken: string, signal?: AbortSignal) => Promise<unknown> {
  const keys = new JwksCache((signal) => fetchKeys(options, signal), { clock: options.clock, ...READ_AT_ONCE });
  return async (idToken, signal) => {
    const kid = kidOf(idToken);
    const found = await keys.find(kid, signal).catch((error: unknown) => {
      throw silent(error, keysUrl(options));
    });
    if (found === undefined) throw refused('it is signed with a key that the login service does not have');
    try {
      return await verified(idToken, found, options);
    } catch (error) {
      if (!isBadSignature(error)) throw refusedBy(error, idToken);
      const others = await keys.findAgain(kid, signal);
      if (others === undefined) throw notReadAgain(keysUrl(options));
      return verified(idToken, others, options).catch((again: unknown) => Promise.reject(refusedBy(again, idToken)));
    }
  };
}

/** No verdict: another key may stand under the id by now, which cannot be seen. */
function notReadAgain(url: string): AuthenticationError {
  return new TokenEndpointError(
    `The signature of the login's id token does not fit the key that was known, and the keys at ${url} could not be read again`,
    { code: 'network', kind: 'unavailable', transient: true },
  );
}

/** Another key may stand under the id by now. */
function isBadSignature(error: unknown): boolean {
  return recordOf(error)['message'] === 'invalid signature';
}

/** Under the first of the keys that fits. */
async function verified(
  idToken: string,
  keys: readonly KeyObject[],
  { audience, issuer, leeway, clock }: IdTokenOptions,
): Promise<unknown> {
  const { default: jwt } = await import('jsonwebtoken');
  const [first = '', ...others] = [issuer].flat().filter((one) => one !== false);
  const by = issuer === false ? {} : { issuer: [first, ...others] satisfies [string, ...string[]] };
  const checks = { algorithms: ['RS256' as const], audience, ...by, clockTolerance: leeway };
  const clockTimestamp = Math.floor(clock.now() / 1000);
  const verify = (key: KeyObject): unknown => jwt.verify(idToken, key, { ...checks, clockTimestamp });
  const claims = firstThatFits(keys, verify);
  if (typeof recordOf(claims)['exp'] !== 'number') throw new Error('it has no end');
  return claims;
}

function firstThatFits(keys: readonly KeyObject[], verify: (key: KeyObject) => unknown): unknown {
  let failure: unknown = new Error('the login service has no keys');
  for (const key of keys) {
    try {
      return verify(key);
    } catch (error) {
      failure = error;
      if (!isBadSignature(error)) break;
    }
  }
  throw failure;
}

/** An issuer that is not the expected one is named beside it: which is right cannot be told from here. */
function refusedBy(error: unknown, idToken: string): AuthenticationError {
  const message = String(recordOf(error)['message']);
  if (!message.includes('jwt issuer invalid')) return refused(message);
  const issuer = asString(jwtClaims(idToken)?.['iss']) ?? 'nobody';
  return refused(`${message}, and it was issued by ${issuer.slice(0, LONGEST_ISSUER)} (option issuer)`);
}

const LONGEST_ISSUER = 300;
/** The id under which every key stands, for a token that names none, which the original tries them all for. */
const ANY_KEY = '';

function kidOf(idToken: string): string {
  const parts = idToken.split('.');
  const [header = ''] = parts;
  const { kid = ANY_KEY, alg } = parseObject(Buffer.from(header, 'base64url').toString()) ?? {};
  if (typeof kid === 'string' && typeof alg === 'string' && parts.length === 3) return kid;
  throw refused('it is no signed JWT');
}

function keysUrl({ authUrl }: IdTokenOptions): string {
  return `${authUrl}listKeys`;
}

/** When the limit of a login runs out while the keys are read, they are what had not come (C4). */
function silent(error: unknown, url: string): unknown {
  if (!isAuthenticationError(error) || error.code !== 'timeout' || error.message.startsWith(url)) return error;
  const { code, kind, transient } = error;
  return new TokenEndpointError(`${url} had not answered in time: ${error.message}`, {
    code,
    kind,
    transient,
    cause: error,
  });
}

async function fetchKeys(
  options: IdTokenOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly KeyObject[]>> {
  const { JwksClient } = (await import('jwks-rsa')).default;
  const jwksUri = keysUrl(options);
  const fetcher = (): Promise<{ keys: unknown }> => keySet(jwksUri, signal, options);
  const keys = await new JwksClient({ jwksUri, cache: false, rateLimit: false, fetcher }).getSigningKeys();
  const byId = new Map<string, readonly KeyObject[]>();
  for (const key of keys) {
    const made = createPublicKey(key.getPublicKey());
    for (const id of new Set([key.kid || ANY_KEY, ANY_KEY])) byId.set(id, [...(byId.get(id) ?? []), made]);
  }
  return byId;
}

async function keySet(
  url: string,
  signal: AbortSignal,
  { allowInsecure, transport, clock }: IdTokenOptions,
): Promise<{ keys: unknown }> {
  const answer = await sendForm({ url, headers: { Accept: '*/*' }, allowInsecure, signal, transport, clock });
  const members = parseObject(answer.text);
  if (answer.status !== 200) throw endpointError(answer, members);
  return { keys: members?.['keys'] };
}

function refused(why: string): AuthenticationError {
  return new LoginError(
    `The id token of the login is not accepted: ${why}; check this machine's clock, audience and authUrl`,
    { status: 200, errorMap: {}, code: 'id_token_refused', kind: 'configuration' },
  );
}
