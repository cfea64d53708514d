// Verifies the id token of a login: RS256 under a key of the login service, for our audience, by that issuer.
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AuthenticationError, isAuthenticationError, TokenEndpointError } from '@axios-authorizer/core';
import { sendForm, endpointError, JwksCache, recordOf, parseObject } from '@axios-authorizer/core/extend';
import type { Clock, Transport } from '@axios-authorizer/core';

export interface IdTokenOptions {
  /** The login service; ends in "/". The key set lies beside grantToken. */
  readonly authUrl: string;
  readonly audience: string;
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
    const key = await keys.find(kid, signal).catch((error: unknown) => {
      throw silent(error, keysUrl(options));
    });
    if (key === undefined) throw refused('it is signed with a key that the login service does not have');
    try {
      return await verified(idToken, key, options);
    } catch (error) {
      const other = isBadSignature(error) ? await keys.findAgain(kid, signal) : undefined;
      if (other === undefined) throw refusedBy(error);
      return verified(idToken, other, options).catch((again: unknown) => Promise.reject(refusedBy(again)));
    }
  };
}

/** Another key may stand under the id by now. */
function isBadSignature(error: unknown): boolean {
  return recordOf(error)['message'] === 'invalid signature';
}

async function verified(
  idToken: string,
  key: KeyObject,
  { authUrl, audience, leeway, clock }: IdTokenOptions,
): Promise<unknown> {
  const { default: jwt } = await import('jsonwebtoken');
  const issuer = authUrl.replace(/\/+$/, '');
  const checks = { algorithms: ['RS256' as const], audience, issuer, clockTolerance: leeway };
  const claims: unknown = jwt.verify(idToken, key, { ...checks, clockTimestamp: Math.floor(clock.now() / 1000) });
  if (typeof recordOf(claims)['exp'] !== 'number') throw new Error('it has no end');
  return claims;
}

function refusedBy(error: unknown): AuthenticationError {
  return refused(String(recordOf(error)['message']));
}

function kidOf(idToken: string): string {
  const [header = ''] = idToken.split('.');
  const { kid } = parseObject(Buffer.from(header, 'base64url').toString()) ?? {};
  if (typeof kid === 'string' && kid !== '') return kid;
  throw refused('it is no signed JWT with a key id');
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

async function fetchKeys(options: IdTokenOptions, signal: AbortSignal): Promise<ReadonlyMap<string, KeyObject>> {
  const { JwksClient } = (await import('jwks-rsa')).default;
  const jwksUri = keysUrl(options);
  const fetcher = (): Promise<{ keys: unknown }> => keySet(jwksUri, signal, options);
  const keys = await new JwksClient({ jwksUri, cache: false, rateLimit: false, fetcher }).getSigningKeys();
  return new Map(keys.map((key) => [key.kid, createPublicKey(key.getPublicKey())]));
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
  return new AuthenticationError(
    `The id token of the login is not accepted: ${why}; check this machine's clock, audience and authUrl`,
    { code: 'id_token_refused', kind: 'configuration' },
  );
}
