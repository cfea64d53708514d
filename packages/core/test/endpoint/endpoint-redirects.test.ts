// Does a secret follow a redirect of the token endpoint?
import { clientSecretPost } from '../../src/index.js';
import { requestToken } from '../../src/extend.js';
import { adapters, failureOf, grant, loopback, tokenEndpoint } from './stage.js';

const statuses = [301, 302, 303, 307, 308];
const rows = adapters.flatMap((adapter) => statuses.map((status) => [status, adapter] as const));

it.each(rows)('a %i is an error and nobody asks where it leads, over %s (C15)', async (status, adapter) => {
  const elsewhere = await tokenEndpoint();
  const first = await loopback((_, response) => void response.writeHead(status, { location: elsewhere.url }).end());
  const clientAuth = clientSecretPost({ clientId: 'me', clientSecret: 'secret' });
  const asked = requestToken({ url: `${first.origin}/token`, body: grant(), clientAuth, transport: { adapter } });
  expect(await failureOf(asked)).toMatchObject({ name: 'TokenEndpointError', status, transient: false });
  expect([first.requests.length, elsewhere.requests.length]).toEqual([1, 0]);
});

it.each(adapters)('a transport cannot turn redirects on, over %s (C15)', async (adapter) => {
  const elsewhere = await tokenEndpoint();
  const first = await loopback((_, response) => void response.writeHead(307, { location: elsewhere.url }).end());
  const transport = { adapter, maxRedirects: 5, fetchOptions: { redirect: 'follow' } } as const;
  const error = await failureOf(requestToken({ url: `${first.origin}/token`, body: grant(), transport }));
  expect(error).toMatchObject({ status: 307 });
  expect(elsewhere.requests).toEqual([]);
});
