// A login in a file, so that the next program need not log in: 0600 JSON on core's file store, never the access codes, bound
// to the login service, the audience and the codes of who saved it, and read as data whatever the file holds.
import { stat } from 'node:fs/promises';
import { recordOf, asString } from '@axios-authorizer/core/extend';
import type { TokenStore } from '@axios-authorizer/core';
import { fileTokenStore } from '@axios-authorizer/core/node';
import type { ItkToken } from './itk-token.js';
import type { LoginOwner } from './login-owner.js';

export interface SavedLoginOptions {
  readonly path: string;
  readonly authUrl: string;
  readonly audience: string;
  /** Whose codes the caller logs in with; undefined takes any login that was saved for this service and audience. */
  readonly owner: LoginOwner | undefined;
  /** Told why a file was passed over. */
  readonly notice: (message: string) => void;
}

/** What is in the file besides the login. */
interface SavedLogin extends ItkToken {
  readonly authUrl: string;
  /** Whose it is, see {@link LoginOwner}. */
  readonly owner: string;
}

const OTHERS = 0o077;
/** What goes into a header must not end it. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** @throws ConfigurationError when the path is empty */
export function savedLogin(given: SavedLoginOptions): TokenStore<ItkToken> {
  const file = fileTokenStore<SavedLogin>(given.path);
  const told = new Set<string>(); // a file is read before the lease and under it
  const notice = (message: string): void => {
    if (!told.has(message)) given.notice(message);
    told.add(message);
  };
  const options = { ...given, notice };
  return {
    load: async () => {
      const saved = (await isOpenToOthers(options)) ? undefined : await file.load();
      return saved && (await isOurs(saved, options)) ? loginIn(saved) : undefined;
    },
    save: async (token, replaces, session) => {
      const { authUrl, owner } = options;
      if (owner === undefined) return undefined;
      told.clear();
      const login = { ...token, authUrl, owner: await owner.mark() };
      const standing = await file.save(login, replaces && toFile(replaces, authUrl), session);
      return standing && (await isOurs(standing, options)) ? loginIn(standing) : undefined;
    },
    clear: () => file.clear(),
    ...(file.exclusive && { exclusive: (work, waiting) => file.exclusive?.(work, waiting) ?? work() }),
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
  { path, authUrl, audience, notice, owner }: SavedLoginOptions,
): Promise<boolean> {
  const fits = saved.authUrl === authUrl && saved.audience === audience && isWhole(saved);
  const isOwn = fits && (owner === undefined || (await owner.isOf(saved.owner)));
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
