// Can a client secret rotate without a restart?
import { ManualClock } from '@axios-authorizer/test-kit';
import {
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretPost,
  introspectToken,
} from '../../src/index.js';
import { failureOf, tokenEndpoint, tokenRequest } from './stage.js';
import type { Received } from '@axios-authorizer/test-kit';

const methods = [
  ['clientSecretBasic', clientSecretBasic],
  ['clientSecretPost', clientSecretPost],
] as const;

function secretIn({ headers, body }: Received): string {
  const [, basic = ''] = (headers.authorization ?? '').split(' ');
  const [, secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
  return secret || String(new URLSearchParams(body.toString()).get('client_secret'));
}

it.each(methods)('%s reads a function at each attempt, retries included (C16)', async (_, method) => {
  const endpoint = await tokenEndpoint();
  const clock = new ManualClock();
  let read = 0;
  const clientAuth = method({ clientId: 'me', clientSecret: () => `secret-${(read += 1)}` });
  expect(read).toBe(0);
  const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth, clock }), { clock });
  endpoint.next({ status: 503 });
  const token = authorizer.getToken();
  await clock.sleeping(2);
  await clock.advance(200);
  await token;
  await authorizer.getToken({ force: true });
  expect(endpoint.requests.map(secretIn)).toEqual(['secret-1', 'secret-2', 'secret-3']);
});

it.each(methods)('%s waits for a promise (C16)', async (_, method) => {
  const endpoint = await tokenEndpoint();
  const clientAuth = method({ clientId: 'me', clientSecret: () => Promise.resolve('later') });
  await clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth }).authorize(tokenRequest());
  expect(endpoint.requests.map(secretIn)).toEqual(['later']);
});

it.each(['', undefined, null, 5, 'read with its line end\n'])(
  'a function that returns %j is a ConfigurationError, and nothing is sent (C16)',
  async (secret) => {
    const endpoint = await tokenEndpoint();
    for (const [, method] of methods) {
      const clientAuth = method({ clientId: 'me', clientSecret: () => secret as string });
      const source = clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth });
      const error = await failureOf(new Authorizer(source).getToken());
      expect(error).toMatchObject({ name: 'ConfigurationError' });
      expect(String(error)).toContain('clientSecret');
      const asked = introspectToken({ url: `${endpoint.origin}/introspect`, token: 't', clientAuth });
      expect(await failureOf(asked)).toMatchObject({ name: 'ConfigurationError' });
    }
    expect(endpoint.requests).toEqual([]);
  },
);

it('a function that fails is an outage of its own with its error as the cause, and the next call asks it again (C5, C16)', async () => {
  const endpoint = await tokenEndpoint();
  const broken = Object.assign(new Error('no such file'), { code: 'ENOENT' });
  let isMounted = false;
  const clientAuth = clientSecretBasic({
    clientId: 'me',
    clientSecret: () => (isMounted ? 'mounted' : Promise.reject(broken)),
  });
  const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth }));
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({ kind: 'unavailable', code: 'source_failed' });
  expect(String(error)).toContain('no such file');
  isMounted = true;
  await expect(authorizer.getToken({ force: true })).resolves.toMatchObject({ accessToken: 'token-1' });
});

it('a secret that a function read does not come out of an error either (C11, C16)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.next((form) => ({
    status: 400,
    json: { error: 'invalid_client', error_description: form.get('client_secret') },
  }));
  const clientAuth = clientSecretPost({ clientId: 'me', clientSecret: () => 'hunter22-rotated' });
  const error = await failureOf(
    clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth }).authorize(tokenRequest()),
  );
  expect(JSON.stringify(error) + String(error)).not.toContain('hunter22');
});
