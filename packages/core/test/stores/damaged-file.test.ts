// Does an authorizer get over a file that it cannot use, and is the file good afterwards?
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Authorizer } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from './folder.js';
import type { AuthEvent } from '../../src/index.js';

it.each<[what: string, content: string | Buffer]>([
  ['empty', ''],
  ['junk', 'no json at all'],
  ['half-written', '{"version":1,"generation":3,"token":{"accessTok'],
  ['binary', Buffer.from([0, 255, 254, 7])],
  ['null', 'null'],
  ['an array', '[1,2]'],
  ['a number', '5'],
  ['of another program', '{"access_token":"foreign","token_type":"Bearer"}'],
  ['of another version', '{"version":99,"generation":1,"token":{"accessToken":"future"}}'],
  ['without a token', '{"version":1,"generation":1}'],
  ['with a token that is none', '{"version":1,"generation":1,"token":{"accessToken":5}}'],
  ['with a date that is none', '{"version":1,"generation":1,"token":{"accessToken":"a","expiresAt":"whenever"}}'],
  ['with a date that is a number', '{"version":1,"generation":1,"token":{"accessToken":"a","expiresAt":5}}'],
  ['with a token that cannot be sent', '{"version":1,"generation":1,"token":{"accessToken":"a\\r\\nb"}}'],
])('a file that is %s counts as missing and is replaced by the next token (C6)', async (_, content) => {
  const file = join(await temporaryFolder(), 'token.json');
  await writeFile(file, content);
  const authorizer = new Authorizer(() => Promise.resolve('fresh'), { store: fileTokenStore(file) });
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'fresh' });
  await expect(fileTokenStore(file).load()).resolves.toMatchObject({ accessToken: 'fresh' });
});

it('a damaged file is told to the observer, without its content (C6, C11)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  await writeFile(file, '{"accessToken":"half-a-secret');
  const events: AuthEvent[] = [];
  const observer = (event: AuthEvent): void => void events.push(event);
  await new Authorizer(() => Promise.resolve('fresh'), { store: fileTokenStore(file), observer }).getToken();
  const load = events.find((event) => event.type === 'store' && event.action === 'load');
  expect(load).toMatchObject({ failure: expect.stringContaining('damaged') as string });
  expect(JSON.stringify(events)).not.toContain('half-a-secret');
});

it('a folder that cannot be written to is observed, and the token serves all the same (C6)', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  const events: AuthEvent[] = [];
  const authorizer = new Authorizer(() => Promise.resolve('fresh'), {
    store: fileTokenStore(join(folder, 'file', 'token.json')),
    observer: (event) => events.push(event),
  });
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'fresh' });
  const failed = events.flatMap((event) => (event.type === 'store' && event.failure ? [event.action] : []));
  expect(failed).toContain('save');
});
