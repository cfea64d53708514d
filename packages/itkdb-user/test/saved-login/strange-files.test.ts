// What else may lie where a login is looked for. None of it is used, none is executed, the login is made, and the file replaced.
import { readFile, truncate } from 'node:fs/promises';
import { expectReplacedIn, expectUseless, put, savedWorld, storeTales, withoutCodes } from './stage.js';

const pickle = Buffer.concat([
  Buffer.from([0x80, 0x04, 0x95, 0x2f, 0, 0, 0, 0, 0, 0, 0]),
  Buffer.from('\u008c\u0005posix\u008c\u0006system\u0093\u008c\u000ctouch /tmp/pwned\u0085R.', 'latin1'),
]);

const strange: readonly (readonly [what: string, content: string | Uint8Array])[] = [
  ['empty', ''],
  ['blank', '\n\n'],
  ['text', 'not a login'],
  ['a pickle of the original', pickle],
  ['a pickle of protocol 0', "cposix\nsystem\n(S'touch /tmp/pwned'\ntR."],
  ['bytes of no encoding', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
  ['null', 'null'],
  ['a number', '5'],
  ['a list', '[]'],
  ['an object of another kind', '{"access_token":"a","id_token":"b"}'],
  ['a prototype in disguise', '{"__proto__":{"version":1,"generation":1,"token":{"accessToken":"x"}}}'],
  ['a million brackets', '['.repeat(1_000_000)],
];

it('a file that is no login at all is passed over, told of and replaced (I2)', async () => {
  const here = await savedWorld();
  for (const [what, content] of strange) {
    const tales = storeTales(here).length;
    await put(here, content);
    await expectUseless(here);
    await expectReplacedIn(here);
    expect([what, storeTales(here).length > tales]).toEqual([what, true]);
  }
});

it('a file that was cut off anywhere is passed over and replaced (I2)', async () => {
  const here = await savedWorld();
  const { length } = await readFile(here.path);
  expect(length).toBeGreaterThan(500);
  for (let kept = 0; kept < length - 1; kept += Math.ceil(length / 100) * 10) {
    await truncate(here.path, kept);
    await expectReplacedIn(here);
  }
});

it('a file cut off at every fortieth byte is no login to a user without codes (I2)', async () => {
  const here = await savedWorld();
  const whole = await readFile(here.path);
  for (let kept = 0; kept < whole.length - 1; kept += 40) {
    await put(here, whole.subarray(0, kept));
    await expectUseless(here);
  }
  await put(here, whole);
  expect(await withoutCodes(here).authenticate()).toBe(true);
});
