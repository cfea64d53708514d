// Warnings come in the map of a success, where scripts do not look: the observer is told of them.
import { createItkdbClient, Session } from '../../src/index.js';
import { loopback, notices, world } from '../stage.js';
import type { AuthEvent } from '@axios-authorizer/core';

const warning = { 'cern-itkpd-main/listInstitutions/old': { type: 'warning', message: 'This command will go.' } };

it.each<[what: string, map: unknown, words: string]>([
  ['a map', warning, 'cern-itkpd-main/listInstitutions/old: This command will go.'],
  ['a key with a blank', { 'a/b/c ': { type: 'warning', message: 'm' } }, 'a/b/c: m'],
  ['a plain text', 'Something is strange.', 'Something is strange.'],
])('%s reaches the observer, and the answer comes (I4)', async (_what, map, words) => {
  const here = await world();
  here.itkdb.setWarning('listInstitutions', map);
  const { data } = await here.session.get<unknown>('listInstitutions');
  expect(notices(here)).toEqual([words]);
  expect(data).toMatchObject({ uuAppErrorMap: map, pageInfo: { total: 3 } });
});

it.each([
  ['an empty map', {}],
  ['an empty text', ''],
  ['a list', []],
])('%s is no warning (I4)', async (_what, map) => {
  const here = await world();
  here.itkdb.setWarning('listInstitutions', map);
  await here.session.get('listInstitutions');
  expect(notices(here)).toEqual([]);
});

it('two warnings are two notices, and a redirect does not double them (I4)', async () => {
  const here = await world();
  here.itkdb.setWarning('listInstitutions', { a: { message: 'one' }, b: { message: 'two' } });
  await here.session.get('status/307', { params: { to: `${here.itkdb.apiUrl}listInstitutions` } });
  expect(notices(here)).toEqual(['a: one', 'b: two']);
});

it('nobody need listen, and a listener that throws spoils no answer (I4)', async () => {
  const here = await world();
  here.itkdb.setWarning('listInstitutions', warning);
  const deaf = new Session({ user: here.user, prefixUrl: here.itkdb.apiUrl });
  const bad = new Session({
    user: here.user,
    prefixUrl: here.itkdb.apiUrl,
    observer: () => {
      throw new Error('bad observer');
    },
  });
  const answers = await Promise.all([deaf.get('listInstitutions'), bad.get('listInstitutions')]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

it('the observer of a session without a user of its own hears of the login, too (I4)', async () => {
  const { itkdb } = await world({ clock: 'system' });
  const heard: AuthEvent['type'][] = [];
  const { authUrl, apiUrl } = itkdb;
  const codes = { accessCode1: 'code-1', accessCode2: 'code-2' };
  const observer = ({ type }: AuthEvent): void => void heard.push(type);
  await createItkdbClient({ ...codes, authUrl, apiUrl, observer }).get('listInstitutions');
  expect(heard).toEqual(expect.arrayContaining(['acquiring', 'acquired']));
});

it('what another host answers is not taken for a warning of the database (I4)', async () => {
  const here = await world();
  const stranger = await loopback((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"uuAppErrorMap":"pay me"}');
  });
  await here.session.get(`${stranger.origin}/x`);
  expect(notices(here)).toEqual([]);
});
