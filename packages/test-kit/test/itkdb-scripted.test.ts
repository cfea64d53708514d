// Trouble on demand: answers in place of the services' own, connections cut before or after they acted, and outages.

import { gate, startItkdb, until } from '@axios-authorizer/test-kit';
import { command, fault, grant, idTokenOf, keySet, tell } from './itkdb-client.js';
import { outcome } from './ask.js';
import type { Itkdb } from '@axios-authorizer/test-kit';

let itkdb: Itkdb;

beforeEach(async () => {
  itkdb = await startItkdb();
});
afterEach(() => itkdb.stop());

test('logins and key sets are scripted apart, and scripted answers are in no count of logins', async () => {
  itkdb.nextLogin({ status: 503, text: '<html>' }, undefined);
  itkdb.nextKeys({ status: 502 });
  expect((await tell(`${itkdb.authUrl}listKeys`)).status).toBe(502);
  expect((await grant(itkdb)).status).toBe(503);
  expect((await grant(itkdb)).status).toBe(200);
  expect(await keySet(itkdb)).toHaveLength(1);
  expect([itkdb.logins, itkdb.refusedLogins, itkdb.keyReads]).toEqual([1, 0, 2]);
});

test('a lost login was granted, a reset one was not', async () => {
  itkdb.nextLogin({ reset: true }, { lost: true });
  expect(await outcome(grant(itkdb))).toBe('failed');
  expect(itkdb.logins).toBe(0);
  expect(await outcome(grant(itkdb))).toBe('failed');
  expect(itkdb.logins).toBe(1);
});

test('a held login is granted when it is let go', async () => {
  const { opened, open } = gate();
  itkdb.nextLogin({ after: opened });
  const held = grant(itkdb);
  await until(() => itkdb.login.requests.length === 1, 'the login to arrive');
  expect(itkdb.logins).toBe(0);
  open();
  expect((await held).status).toBe(200);
});

test('a scripted answer comes before the bearer is looked at, a held request is judged when it is let go', async () => {
  const token = await idTokenOf(itkdb);
  const { opened, open } = gate();
  itkdb.nextApi({ status: 503 }, undefined, { after: opened });
  expect((await command(itkdb, 'listComponents')).status).toBe(503);
  expect(fault(await command(itkdb, 'listComponents'))).toContain('401 uu-appg01/authentication');
  const held = command(itkdb, 'listComponents', { token });
  await until(() => itkdb.api.requests.length === 3, 'the request to arrive');
  itkdb.revokeAll();
  open();
  expect(fault(await held)).toContain('401 uu-oidc/invalidToken');
});

test('each server has outages of its own', async () => {
  const token = await idTokenOf(itkdb);
  await itkdb.login.stop();
  expect(await outcome(grant(itkdb))).toBe('failed');
  expect((await command(itkdb, 'listInstitutions', { token })).status).toBe(200);
  await itkdb.api.stop();
  expect(await outcome(command(itkdb, 'listInstitutions', { token }))).toBe('failed');
});
