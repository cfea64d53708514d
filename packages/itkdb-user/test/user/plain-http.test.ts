// May the login service be plain http beyond this machine, as in a compose file?
import { createItkdbClient, itkdbService, User } from '../../src/index.js';
import { codes, failureOf, world } from '../stage.js';
import type { Transport } from '@axios-authorizer/core';

/** Every name is this machine's. */
const transport: Transport = { lookup: (_host, _options, found) => found(null, '127.0.0.1', 4) };

function inCompose(url: string): string {
  return url.replace('127.0.0.1', 'itkdb');
}

it('with allowInsecure the login and its key set go over plain http; the issuer is still checked (C15)', async () => {
  const { itkdb, clock } = await world();
  const options = { ...codes, prefixUrl: inCompose(itkdb.authUrl), transport, clock };
  const error = await failureOf(new User({ ...options, allowInsecure: true }).authenticate());
  expect(error).toMatchObject({ code: 'id_token_refused' });
  expect(String(error)).toContain('issuer');
  expect(String(await failureOf(new User(options).authenticate()))).toContain('allowInsecure');
});

it('a client opens both services with the one option, and names it without (C9, C15)', async () => {
  const { itkdb } = await world();
  const urls = { apiUrl: inCompose(itkdb.apiUrl), authUrl: inCompose(itkdb.authUrl), ...codes };
  expect(() => createItkdbClient({ ...urls, allowInsecure: true })).not.toThrow();
  expect(() => createItkdbClient(urls)).toThrow(/allowInsecure/);
  expect(itkdbService({ ...urls, allowInsecure: true }).options).toMatchObject({ allowInsecure: true });
});
