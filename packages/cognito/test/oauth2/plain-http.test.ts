// May what stands in for Cognito be plain http beyond this machine, as an emulator in a container?
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { OAuth2Authorizer, SRPAuthorizer } from '../../src/index.js';
import { cognitoVerifier } from '../../src/node/verify.js';
import { app, failureOf, loopback, publicApp, tokenEndpoint } from './stage.js';
import type { Transport } from '@axios-authorizer/core';

/** Every name is this machine's. */
const transport: Transport = { lookup: (_host, _options, found) => found(null, '127.0.0.1', 4) };

function inCompose(origin: string): string {
  return origin.replace('127.0.0.1', 'cognito');
}

it('with allowInsecure domain, token endpoint and revocation may be plain http (C15)', async () => {
  const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
  const revocationUrl = inCompose(`${endpoint.origin}/revoke`);
  const options = { tokenUrl: inCompose(endpoint.url), revocationUrl, transport };
  const authorizer = new OAuth2Authorizer(app, { ...options, allowInsecure: true });
  await authorizer.getToken();
  await authorizer.logout();
  expect(endpoint.requests.map(({ url }) => url)).toEqual(['/token', '/revoke']);
  const error = await failureOf(new OAuth2Authorizer(app, options).getToken());
  expect(error).toMatchObject({ name: 'ConfigurationError' });
  expect(String(error)).toContain('allowInsecure');
});

it('with allowInsecure the endpoint of a user pool may be plain http (C15)', async () => {
  const server = await loopback(
    (_, response) => void response.writeHead(400).end('{"__type":"NotAuthorizedException"}'),
  );
  const options = { userPoolId: 'eu-west-1_AbC123', endpoint: inCompose(server.origin), transport };
  const user = { username: 'alice', password: 'Correct-Horse-1' };
  await failureOf(new SRPAuthorizer(publicApp, { ...options, ...user, allowInsecure: true }).getToken());
  expect(server.requests).toHaveLength(1);
  const error = await failureOf(new SRPAuthorizer(publicApp, { ...options, ...user }).getToken());
  expect(String(error)).toContain('allowInsecure');
  expect(server.requests).toHaveLength(1);
});

it('with allowInsecure a verifier reads its key set over plain http (C15, G5)', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' }) };
  const keys = [{ ...jwk, kid: 'k', alg: 'RS256', use: 'sig' }];
  const server = await loopback((_, response) => void response.writeHead(200).end(JSON.stringify({ keys })));
  const issuer = inCompose(server.origin);
  const claims = {
    iss: issuer,
    exp: Math.floor(Date.now() / 1000) + 600,
    token_use: 'access',
    client_id: 'a',
    sub: 's',
  };
  const input = [{ alg: 'RS256', kid: 'k' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const token = `${input.join('.')}.${sign('sha256', Buffer.from(input.join('.')), privateKey).toString('base64url')}`;
  const options = { userPoolId: 'eu-west-1_AbC123', clientId: 'a', tokenUse: 'access', issuer, transport } as const;
  await expect(cognitoVerifier({ ...options, allowInsecure: true })(token)).resolves.toEqual(claims);
  expect(() => cognitoVerifier(options)).toThrow(/allowInsecure/);
});
