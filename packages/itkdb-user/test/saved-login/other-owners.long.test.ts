// Whose login is it? The caller’s own codes and options always win over what a file says.
import { another, failureOf, lifeMs } from '../stage.js';
import {
  codes,
  contentOf,
  expectReplaced,
  expectReplacedIn,
  others,
  put,
  savedWorld,
  storeTales,
  withToken,
} from './stage.js';

const salt = 'AAAAAAAAAAAAAAAAAAAAAA';
const hash = 'A'.repeat(43);

it('an owner that is no hash, or one made at another cost, is not the caller (I2)', async () => {
  const here = await savedWorld();
  const { token } = await contentOf(here);
  const own = String(token['owner']);
  const strange = ['', '$', own.slice(1), `${own}A`, own.replace('p=5', 'p=1'), own.replace('scrypt', 'argon2id')];
  const foreign = ['00:00', `$scrypt$ln=99,r=8,p=5$${salt}$${hash}`, `$scrypt$ln=14,r=8,p=5$${salt}$${hash}`];
  for (const [index, owner] of [...strange, ...foreign].entries()) {
    await put(here, JSON.stringify(withToken({ owner })(await contentOf(here))));
    await expectReplacedIn(here);
    expect([owner, here.itkdb.logins]).toEqual([owner, index + 2]);
  }
});

it('a login that is saved again keeps its owner, so that the slow hash is made once (I2)', async () => {
  const here = await savedWorld();
  const { token } = await contentOf(here);
  const next = another(here);
  await next.authenticate();
  here.clock.set(here.clock.now() + lifeMs);
  await next.authenticate();
  const saved = (await contentOf(here)).token;
  expect([saved['owner'], saved['idToken']]).toEqual([token['owner'], next.bearer]);
  expect(next.bearer).not.toBe(token['idToken']);
});

it('another user’s login is not taken for the caller’s: the codes win, and the file is replaced (I2, I5)', async () => {
  const here = await savedWorld();
  const other = another(here, others);
  await other.authenticate();
  expect([other.identity, here.itkdb.logins]).toEqual(['98-7654-1', 2]);
  expect((await contentOf(here)).token['identity']).toBe('98-7654-1');
  expect(storeTales(here)).toEqual([expect.stringContaining('another user')]);
  await expectReplaced(here);
});

it('one code that differs is another user (I2)', async () => {
  const here = await savedWorld();
  const wrong = another(here, { accessCode2: 'mistyped' });
  expect(await failureOf(wrong.authenticate())).toMatchObject({ code: 'wrong_access_codes' });
  expect((await contentOf(here)).token['identity']).toBe('12-3456-1');
});

it('codes that would be the same when joined are another user’s all the same (I2)', async () => {
  const here = await savedWorld();
  const { accessCode1, accessCode2 } = codes;
  const moved = another(here, { accessCode1: accessCode1 + accessCode2[0], accessCode2: accessCode2.slice(1) });
  expect(await failureOf(moved.authenticate())).toMatchObject({ code: 'wrong_access_codes' });
});

it('what the caller passes wins over the file: audience and threshold (I2, I5)', async () => {
  const here = await savedWorld();
  const next = another(here, { authExpiryThreshold: 1_700 });
  here.clock.set(here.clock.now() + 100_000);
  await next.authenticate();
  expect([next.authExpiryThreshold, here.itkdb.logins]).toEqual([1_700, 2]);
  const elsewhere = another(here, { audience: 'https://example.org', accessCode1: '', accessCode2: '' });
  expect(await failureOf(elsewhere.authenticate())).toMatchObject({ code: 'not_authenticated' });
});
