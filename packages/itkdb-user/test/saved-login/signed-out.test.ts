// A login that is shared by several programs: what does a sign-out in one of them, or another's login, mean for the others?
import { LoginOwner } from '../../src/login/login-owner.js';
import { savedLogin } from '../../src/login/saved-login.js';
import { failureOf } from '../stage.js';
import { codes, others, savedWorld } from './stage.js';
import type { SavedWorld } from './stage.js';

function storeOf({ path }: SavedWorld, codesOfOwner: typeof codes | typeof others): ReturnType<typeof savedLogin> {
  const of = { path, authUrl: 'https://login.example', audience: 'a', owner: new LoginOwner(codesOfOwner) };
  return savedLogin({ ...of, notice: () => undefined });
}

const login = (name: string): Parameters<ReturnType<typeof savedLogin>['save']>[0] => ({
  accessToken: name,
  idToken: 'e.y.J',
  identity: name,
  name,
  audience: 'a',
  expiresAt: new Date(Date.now() + 60_000),
});

it('a sign-out ends the login for all who share the file, until somebody logs in anew (C17, I2)', async () => {
  const here = await savedWorld();
  const [one, other] = [storeOf(here, codes), storeOf(here, codes)];
  await one.clear();
  expect(await failureOf(other.load())).toMatchObject({ code: 'logged_out' });
  expect(await failureOf(other.save(login('late')))).toMatchObject({ code: 'logged_out' });
  await other.save(login('new'), undefined, { newSession: true });
  expect(await one.load()).toMatchObject({ accessToken: 'new' });
});

it('another user’s login that was saved meanwhile is not handed to this one (C17, I2)', async () => {
  const here = await savedWorld();
  const [one, other] = [storeOf(here, codes), storeOf(here, others)];
  await one.load();
  await other.save(login('of another'), undefined, { newSession: true });
  expect(await one.save(login('mine'))).toBeUndefined();
});
