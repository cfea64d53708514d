// A login in a file, so that the next program need not log in: 0600 JSON on core's file store, never the access codes, bound
// to the login service, the audience and the codes of who saved it, and read as data whatever the file holds.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { recordOf, asString } from '@axios-authorizer/core/extend';
import type { TokenStore } from '@axios-authorizer/core';
import { fileTokenStore } from '@axios-authorizer/core/node';
import type { ItkToken } from './itk-token.js';

export interface SavedLoginOptions {
  readonly path: string;
  readonly authUrl: string;
  readonly audience: string;
  /** What the caller logs in with; undefined takes any login that was saved for this service and audience. */
  readonly codes: { readonly accessCode1: string; readonly accessCode2: string } | undefined;
  /** Told why a file was passed over. */
  readonly notice: (message: string) => void;
}

/** What is in the file besides the login. */
interface SavedLogin extends ItkToken {
  readonly authUrl: string;
  /** salt:scrypt of the codes, so that another user's login is not taken for this one's. */
  readonly owner: string;
}

const OTHERS = 0o077;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What goes into a header must not end it. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** @throws ConfigurationError when the path is empty */
export function savedLogin(given: SavedLoginOptions): TokenStore<ItkToken> {
  const file = fileTokenStore<SavedLogin>(given.path);
  const told = new Set<string>(); // a file is read before the lease and under it
  const notice = (message: string): void => {
    if (!told.has(message)) given.notice(message);
    told.add(message);
  };
  const options = { ...given, notice, hash: hasher() };
  let owner: Promise<string> | undefined;
  return {
    load: async () => {
      if (await isOpenToOthers(options)) return undefined;
      const saved = await file.load();
      return saved && (await isOurs(saved, options)) ? loginIn(saved) : undefined;
    },
    save: async (token, replaces, session) => {
      const { authUrl, codes } = options;
      if (codes === undefined) return undefined;
      told.clear();
      const standing = await file.save(
        { ...token, authUrl, owner: await (owner ??= ownerOf(codes, options.hash)) },
        replaces && toFile(replaces, authUrl),
        session,
      );
      return standing && (await isOurs(standing, options)) ? loginIn(standing) : undefined;
    },
    clear: () => file.clear(),
    ...(file.exclusive && { exclusive: (work) => file.exclusive?.(work) ?? work() }),
  };
}

/** A file that others could read gave the login away; one that they could write may be theirs. */
async function isOpenToOthers({ path, notice }: SavedLoginOptions): Promise<boolean> {
  const mode = (await stat(path).catch(() => undefined))?.mode ?? 0;
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return false;
  notice(`The saved login in ${path} is not used: others could get at it (mode ${(mode & 0o777).toString(8)})`);
  return true;
}

async function isOurs(
  saved: SavedLogin,
  { path, authUrl, audience, codes, notice, hash }: SavedLoginOptions & { readonly hash: Hash },
): Promise<boolean> {
  const fits = saved.authUrl === authUrl && saved.audience === audience && isWhole(saved);
  const isOwn = fits && (codes === undefined || (await isOwner(saved.owner, codes, hash)));
  if (!isOwn)
    notice(
      `The saved login in ${path} is not used: it is of another ${fits ? 'user' : 'service, audience or version'}`,
    );
  return isOwn;
}

function isWhole(saved: SavedLogin): boolean {
  const { idToken, identity, expiresAt, owner } = recordOf(saved);
  const isComplete = typeof identity === 'string' && asString(owner) !== undefined && expiresAt !== undefined;
  return isComplete && JWT.test(asString(idToken) ?? '');
}

function loginIn({ authUrl: _url, owner: _owner, ...token }: SavedLogin): ItkToken {
  return token;
}

function toFile(token: ItkToken, authUrl: string): SavedLogin {
  return { ...token, authUrl, owner: '' };
}

type Codes = NonNullable<SavedLoginOptions['codes']>;

async function ownerOf(codes: Codes, hashOf: Hash): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return `${salt.toString('hex')}:${(await hashOf(codes, salt)).toString('hex')}`;
}

async function isOwner(owner: string, codes: Codes, hashOf: Hash): Promise<boolean> {
  const [salt = '', hash = ''] = owner.split(':');
  const expected = Buffer.from(hash, 'hex');
  const found = await hashOf(codes, Buffer.from(salt, 'hex'));
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** A hash of the codes under a salt. */
type Hash = (codes: Codes, salt: Buffer) => Promise<Buffer>;

const MOST_HASHES = 8;

/** It is slow on purpose, so each salt's is made once. */
function hasher(): Hash {
  const made = new Map<string, Promise<Buffer>>();
  return ({ accessCode1, accessCode2 }, salt) => {
    const key = salt.toString('hex');
    const known = made.get(key);
    if (known !== undefined) return known;
    const hash = derive(JSON.stringify([accessCode1, accessCode2]), salt, HASH_BYTES);
    if (made.size >= MOST_HASHES) made.clear();
    made.set(key, hash);
    return hash;
  };
}
