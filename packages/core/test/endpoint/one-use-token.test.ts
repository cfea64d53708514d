// Is a token with expires_in 0 of any use?
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource, publicClient } from '../../src/index.js';
import { tokenEndpoint } from './stage.js';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';

function authorizerOf(endpoint: TokenEndpoint): Authorizer {
  const clock = new ManualClock();
  return new Authorizer(
    clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth: publicClient({ clientId: 'me' }), clock }),
    { clock },
  );
}

it('all who waited for it get it (C15)', async () => {
  const endpoint = await tokenEndpoint({ expiresIn: 0 });
  const answer = gate();
  endpoint.next({ after: answer.opened });
  const authorizer = authorizerOf(endpoint);
  const waiting = Array.from({ length: 5 }, () => authorizer.getToken());
  await until(() => endpoint.calls === 1);
  answer.open();
  const tokens = await Promise.all(waiting);
  expect(tokens.map(({ accessToken }) => accessToken)).toEqual(Array.from({ length: 5 }, () => 'token-1'));
  expect(endpoint.calls).toBe(1);
});

it('the next call fetches again (C15)', async () => {
  const endpoint = await tokenEndpoint({ expiresIn: 0 });
  const authorizer = authorizerOf(endpoint);
  await authorizer.getToken();
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'token-2' });
  expect(endpoint.calls).toBe(2);
});
