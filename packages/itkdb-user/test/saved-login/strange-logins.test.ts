// A file of the right form whose login is not what it should be: another version, another audience, parts that are missing.
import { contentOf, expectReplacedIn, expectUseless, put, savedWorld, withToken } from './stage.js';
import type { SavedFile } from './stage.js';

type Change = (file: SavedFile) => object;

const strange: readonly (readonly [what: string, change: Change])[] = [
  ['of a later version', (file) => ({ ...file, version: 99 })],
  ['of no version', ({ version: _version, ...file }) => file],
  ['without a generation', ({ generation: _generation, ...file }) => file],
  ['without a token', (file) => ({ ...file, token: undefined })],
  ['with a token that is a text', (file) => ({ ...file, token: 'x' })],
  ['for another audience', withToken({ audience: 'https://example.org' })],
  ['of another login service', withToken({ authUrl: 'https://example.org/oidc/' })],
  [
    'of the same service without its slash',
    (file) => withToken({ authUrl: String(file.token['authUrl']).slice(0, -1) })(file),
  ],
  ['without an id token', withToken({ idToken: undefined })],
  ['with an id token that is no text', withToken({ idToken: { toString: 'x' } })],
  ['without an identity', withToken({ identity: undefined })],
  ['without an owner', withToken({ owner: undefined })],
  ['without an end', withToken({ expiresAt: undefined })],
  ['with an end that is no date', withToken({ expiresAt: 'tomorrow' })],
  ['with an end that is a number', withToken({ expiresAt: 5 })],
  ['with a header in its id token', withToken({ idToken: 'a\r\nX-Evil: 1' })],
];

it('a login that is not what it should be is passed over and replaced (I2)', async () => {
  const here = await savedWorld();
  for (const [index, [what, change]] of strange.entries()) {
    await put(here, JSON.stringify(change(await contentOf(here))));
    await expectUseless(here);
    await expectReplacedIn(here);
    expect([what, here.itkdb.logins]).toEqual([what, index + 2]);
  }
});
