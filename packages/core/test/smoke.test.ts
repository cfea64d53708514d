import axios from 'axios';
import { startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer, clientCredentialsSource, clientSecretBasic } from '../src/index.js';

it('a client gets a token, keeps it and heals a 401', async () => {
  const idp = await startTokenEndpoint();
  const api = await startResourceServer({ accepts: (b) => b !== undefined && idp.valid(b) });
  const auth = new Authorizer(
    clientCredentialsSource({ tokenUrl: idp.url, clientAuth: clientSecretBasic({ clientId: 'a', clientSecret: 'b' }) }),
  );
  const client = axios.create({ baseURL: api.origin });
  attachAuth(client, auth);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => client.post(`/x/${i}`, { i })));
  expect(answers.every((a) => a.status === 200)).toBe(true);
  expect(idp.calls).toBe(1);
  idp.revokeAll();
  const again = await Promise.all(Array.from({ length: 20 }, (_, i) => client.post(`/x/${i}`, { i })));
  expect(again.every((a) => a.status === 200)).toBe(true);
  expect(idp.calls).toBe(2);
  await Promise.all([idp.stop(), api.stop()]);
});
