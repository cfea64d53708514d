// Does what an authorizer tells of itself hold a secret?
import axios from 'axios';
import { attachAuth, Authorizer, clientSecretBasic, passwordSource } from '../../src/index.js';
import { failureOf, resourceServer, tokenEndpoint } from '../endpoint/stage.js';
import { apiKey, clientSecret, password, refreshToken, shown } from './secrets.js';
import type { AuthEvent } from '../../src/index.js';

it('no event holds a token, a credential or a query (C11)', async () => {
  const endpoint = await tokenEndpoint({ prefix: 'access-issued', refreshTokens: 'rotating' });
  const api = await resourceServer({ accepts: (bearer) => bearer !== undefined && endpoint.valid(bearer) });
  const events: AuthEvent[] = [];
  const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret });
  const revocationUrl = `${endpoint.origin}/nowhere`;
  const source = passwordSource({ tokenUrl: endpoint.url, revocationUrl, clientAuth, username: 'u', password });
  const observer = (event: AuthEvent): void => void events.push(event);
  const options = { clientInfo: { clientId: 'me', apiKey }, initialToken: { refreshToken }, observer };
  const authorizer = new Authorizer(source, options);
  const client = axios.create({ baseURL: api.origin });
  attachAuth(client, authorizer);
  await client.get('/', { params: { key: apiKey } });
  endpoint.revokeAll();
  await client.get(`/?key=${apiKey}`);
  await failureOf(client.get(`http://127.0.0.1:1/?key=${apiKey}`));
  endpoint.next({ status: 400, json: { error: 'invalid_client', error_description: clientSecret } });
  await failureOf(authorizer.getToken({ force: true }));
  await authorizer.logout();
  const told = new Set(events.map(({ type }) => type));
  for (const type of ['acquired', 'failed', 'notice', 'unauthorized', 'resent', 'skipped', 'waited']) {
    expect(told).toContain(type);
  }
  expect(shown(events)).toEqual([]);
  expect(JSON.stringify(events)).not.toMatch(/access-issued|refresh-\d|\?/);
});
