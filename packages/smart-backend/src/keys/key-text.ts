// Reads private keys out of text: PEM (RFC 7468), a JWK or a JWK Set (RFC 7517).
import { asString, parseObject } from '@axios-authorizer/core/extend';
import type { Jwk, Jwks } from './jwk.js';
import { assertReadable, isForeign, withLines } from './key-form.js';
import { privateJwkOf } from './key-material.js';
import { SmartKeyError } from './smart-key-error.js';

export interface KeyFile {
  readonly path: string;
  /** When it was changed last, in ms since the epoch. */
  readonly mtimeMs: number;
}

/** A private key and what stood with it. */
export interface FoundKey {
  readonly jwk: Jwk;
  readonly kid: string | undefined;
  /** When it was made, in ms since the epoch. */
  readonly createdMs: number | undefined;
  /** Where it was read from, when that was a file. */
  readonly file?: KeyFile;
}

const PRIVATE_BLOCK = /-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----[\s\S]+?-----END \1-----/g;
const PUBLIC_BLOCK = /-----BEGIN (?:[A-Z]+ )?(?:PUBLIC KEY|CERTIFICATE)-----/;
/** Explanatory text before a PEM block (RFC 7468 section 5.2), as `generateKeyPair` writes it; its line ends may be lost. */
const KID = /(?:^|\s)kid: (\S+)/;
const CREATED = /(?:^|\s)created: (\S+)/;

/** Whether `text` is a key itself, rather than the path of a file. */
export function isKeyText(text: string): boolean {
  return /[{"'\n]|-----BEGIN /.test(text) || isForeign(text);
}

/** @throws SmartKeyError when there is no private key in it */
export function keysInText(text: string, passphrase?: string): readonly FoundKey[] {
  const whole = text.trim();
  if (whole === '') throw new SmartKeyError('missing', 'The key is empty; where is it read from?');
  assertReadable(whole);
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
  return privates.map((jwk) => ({ jwk, kid: jwk.kid, createdMs: createdMsOf(jwk['created']) }));
}

/** What stands between one private key and the next belongs to the next. */
function keysInPem(pem: string, passphrase: string | undefined): readonly FoundKey[] {
  const blocks = [...pem.matchAll(PRIVATE_BLOCK)];
  if (blocks.length === 0) throw noPrivateBlock(pem);
  return blocks.map(({ 0: block, index }, at) => {
    const before = blocks[at - 1];
    const words = pem.slice(before === undefined ? 0 : before.index + before[0].length, index);
    const [kid, created] = [KID, CREATED].map((pattern) => pattern.exec(words)?.[1]);
    return { jwk: privateJwkOf(withLines(block), passphrase), kid, createdMs: createdMsOf(created) };
  });
}

/** An ISO date, or seconds since the epoch as in a JWT. @throws SmartKeyError for anything else */
function createdMsOf(created: unknown): number | undefined {
  if (created === undefined) return undefined;
  const ms = typeof created === 'number' ? created * 1000 : Date.parse(asString(created) ?? '');
  if (!Number.isNaN(ms)) return ms;
  throw new SmartKeyError('malformed', 'What stands as `created` of that key is no date, such as 2026-01-31T12:00:00Z');
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
