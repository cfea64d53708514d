// The one-time JWT by which a client proves who it is (RFC 7523 sections 2.2 and 3): what it says, and how it is put together.
import { encodeBase64 } from '../../internal/redact.js';
import { assertNoControls } from '../../token/credential-text.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import type { ServerMetadata } from '../discovery/server-metadata.js';

/** What an assertion says; times by the server's clock. */
export interface AssertionContents {
  /** Issuer and subject. */
  readonly clientId: string;
  /** Whom it is for, as the server writes itself. */
  readonly audience: string;
  /** In ms since the epoch. */
  readonly nowMs: number;
  /** In ms, less than five minutes. */
  readonly lifetimeMs: number;
  /** Adds `iat`. Default: false. */
  readonly issuedAt?: boolean | undefined;
  /** Adds `nbf`. Default: false. */
  readonly notBefore?: boolean | undefined;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const DEFAULT_LIFETIME_MS = 240_000;
const LIFETIME_LIMIT_MS = 300_000;
/** Servers without tolerance reject a time that is milliseconds ahead of theirs. */
const BACKDATED_MS = 5_000;
const LONGEST_LIST = 300;

/**
 * The claims of a client assertion (RFC 7523 section 3), with a `jti` that no other has.
 *
 * @example
 * ```ts
 * const claims = assertionClaims({ clientId, audience: tokenUrl, nowMs: Date.now(), lifetimeMs: 240_000 });
 * ```
 */
export function assertionClaims(contents: AssertionContents): Readonly<Record<string, string | number>> {
  const { clientId, audience, nowMs, lifetimeMs, issuedAt, notBefore } = contents;
  const now = Math.floor(nowMs / 1000);
  return {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: crypto.randomUUID(),
    exp: Math.max(Math.floor((nowMs + lifetimeMs) / 1000), now + 1),
    ...(issuedAt && { iat: now }),
    ...(notBefore && { nbf: now }),
  };
}

/** What both kinds of assertion are made of. */
export interface AssertionOptions {
  /** The client's id at the server; not empty. */
  readonly clientId: string;
  /**
   * What the assertion is for, its `aud`. Default: the issuer where the source was given one (RFC 7523bis), else the token URL.
   */
  readonly audience?: string | undefined;
  /** The life of an assertion in ms, more than 0 and at most 300 000. Default: 240 000. */
  readonly assertionLifetimeMs?: number | undefined;
}

/** @throws ConfigurationError */
export function assertAssertionOptions(options: AssertionOptions, where: string): void {
  const { clientId, audience, assertionLifetimeMs: lifetimeMs = DEFAULT_LIFETIME_MS } = options;
  if (typeof clientId !== 'string' || clientId.trim() === '' || clientId !== clientId.trim())
    throw new ConfigurationError(`\`clientId\` of ${where} is empty, or has blanks around it; where is it read from?`);
  assertNoControls(clientId, 'clientId');
  if (audience !== undefined && (audience === '' || /\s/.test(audience)))
    throw new ConfigurationError(`\`audience\` of ${where} is empty, or has blanks in it; where is it read from?`);
  if (!(lifetimeMs > 0 && lifetimeMs <= LIFETIME_LIMIT_MS))
    throw new ConfigurationError(
      'assertionLifetimeMs must be more than 0 and at most 300 000: servers take five minutes',
    );
}

/** One assertion: for whom, when, and who signs it. */
export interface SignedAssertion {
  readonly options: AssertionOptions;
  readonly header: Readonly<Record<string, string>>;
  /** Where it is posted to. */
  readonly url: string;
  readonly server: ServerMetadata | undefined;
  /** By the server's clock, in ms since the epoch. */
  readonly nowMs: number;
  readonly sign: (input: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;
}

/** Puts a new assertion into the form; the client's id as well, since some servers look for it before they look into the JWT. */
export async function addAssertion(body: URLSearchParams, assertion: SignedAssertion): Promise<void> {
  const { options, header, url, server, nowMs, sign } = assertion;
  const { clientId, audience = server?.issuer ?? url, assertionLifetimeMs: lifetimeMs = DEFAULT_LIFETIME_MS } = options;
  const claims = assertionClaims({
    clientId,
    audience,
    nowMs: nowMs - BACKDATED_MS,
    lifetimeMs,
    issuedAt: true,
    notBefore: true,
  });
  const input = `${encoded(header)}.${encoded(claims)}`;
  const signature = await sign(new TextEncoder().encode(input));
  body.set('client_id', clientId);
  body.set('client_assertion_type', ASSERTION_TYPE);
  body.set('client_assertion', `${input}.${base64url(signature)}`);
}

function encoded(part: object): string {
  return base64url(new TextEncoder().encode(JSON.stringify(part)));
}

export function base64url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/**
 * The algorithm to sign with: the one that is said, or the first that both sides have.
 * @param ours those that the key or secret is good for, the first where the server says nothing
 * @throws ConfigurationError that lists both sides when they have none in common
 */
export function commonAlgorithm(ours: readonly string[], server: ServerMetadata | undefined): string {
  const theirs = server?.tokenEndpointAuthSigningAlgs ?? [];
  const found = theirs.length === 0 ? ours[0] : ours.find((alg) => theirs.includes(alg));
  if (found !== undefined) return found;
  throw new ConfigurationError(
    `The key of \`clientAuth\` signs ${ours.join(', ')}, and ${server?.issuer ?? 'the server'} takes ${theirs.join(', ').slice(0, LONGEST_LIST)}: use a key for one of these`,
  );
}

/** @throws ConfigurationError where the platform has no WebCrypto, as a page over plain http */
export function subtle(): SubtleCrypto {
  const found: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (found === undefined)
    throw new ConfigurationError('There is no WebCrypto here (crypto.subtle): a page must be served over https');
  return found;
}
