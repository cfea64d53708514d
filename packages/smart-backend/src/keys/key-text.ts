// Reads private keys out of text: PEM (RFC 7468), a JWK or a JWK Set (RFC 7517).
import { parseObject } from '@axios-authorizer/core/extend';
import type { Jwk, Jwks } from './jwk.js';
import { privateJwkOf } from './key-material.js';
import { SmartKeyError } from './smart-key-error.js';

/** A private key and the kid that stood with it. */
export interface FoundKey {
  readonly jwk: Jwk;
  readonly kid: string | undefined;
}

const PRIVATE_BLOCK = /-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----[\s\S]+?-----END \1-----/g;
const PUBLIC_BLOCK = /-----BEGIN (?:[A-Z]+ )?(?:PUBLIC KEY|CERTIFICATE)-----/;
/** Explanatory text before a PEM block (RFC 7468 section 5.2), as `generateKeyPair` writes it. */
const KID_LINE = /^kid: (\S+)$/m;

/** Whether `text` is a key itself, rather than the path of a file. */
export function isKeyText(text: string): boolean {
  return /[{"'\n]|-----BEGIN /.test(text);
}

/** @throws SmartKeyError when there is no private key in it */
export function keysInText(text: string, passphrase?: string): readonly FoundKey[] {
  const whole = text.trim();
  if (whole === '') throw new SmartKeyError('missing', 'The key is empty; where is it read from?');
  if (whole.startsWith('[')) return keysInJson(parseJson(`{"keys":${whole}}`));
  return whole.startsWith('{') ? keysInJson(parseJson(whole)) : keysInPem(withLineEnds(whole), passphrase);
}

/** The private keys of a JWK or a JWK Set; of two JWKs under one kid the one with `d`. @throws SmartKeyError */
export function keysInJson(json: Jwk | Jwks): readonly FoundKey[] {
  const listed: unknown = 'keys' in json ? json.keys : [json];
  if (!Array.isArray(listed)) throw new SmartKeyError('malformed', 'A JWK Set needs a list of `keys`');
  const privates = listed.filter(isPrivate);
  if (privates.length === 0)
    throw new SmartKeyError('public', 'There is no private key in that JWK or JWK Set: none has a `d`');
  return privates.map((jwk) => ({ jwk, kid: jwk.kid }));
}

function keysInPem(pem: string, passphrase: string | undefined): readonly FoundKey[] {
  const blocks = [...pem.matchAll(PRIVATE_BLOCK)].map(([block]) => block);
  if (blocks.length === 0) throw noPrivateBlock(pem);
  const kid = KID_LINE.exec(pem.slice(0, pem.indexOf('-----BEGIN')))?.[1];
  return blocks.map((block) => ({ jwk: privateJwkOf(block, passphrase), kid }));
}

function noPrivateBlock(pem: string): SmartKeyError {
  if (PUBLIC_BLOCK.test(pem) && !/BEGIN (?:[A-Z]+ )?PRIVATE/.test(pem))
    return new SmartKeyError('public', 'That PEM holds a public key or certificate; the private key is wanted');
  return new SmartKeyError('malformed', 'There is no whole private key in that PEM; was it cut off?');
}

/** As it is, or else with the line ends that an environment variable holds in words. */
function parseJson(text: string): Jwk | Jwks {
  const parsed = parseObject(text) ?? parseObject(withLineEnds(text));
  if (parsed === undefined) throw new SmartKeyError('malformed', 'That is no JSON; was the JWK cut off?');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its members are checked as they are used
  return parsed as Jwk | Jwks;
}

function withLineEnds(text: string): string {
  return text.replaceAll(/(?:\\r)?\\n/g, '\n');
}

function isPrivate(jwk: unknown): jwk is Jwk {
  return typeof jwk === 'object' && jwk !== null && 'd' in jwk && typeof jwk.d === 'string';
}
