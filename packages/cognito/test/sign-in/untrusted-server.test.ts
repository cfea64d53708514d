// A proxy that reads along, or an emulator with a certificate of its own: is it told as that?
import { serverCertificate, startLoopback } from '@axios-authorizer/test-kit';
import { cognitoVerifier } from '../../src/node/verify.js';
import { afterwards, failureOf, world } from '../stage.js';

const words = /transport\.httpsAgent.*NODE_EXTRA_CA_CERTS/;

async function untrusted(): Promise<string> {
  const server = await startLoopback((_, response) => void response.end('{}'), { tls: serverCertificate() });
  afterwards(() => server.stop());
  return server.origin;
}

it.each(['http', 'fetch'])(
  'a pool behind an unknown certificate is told as that, after one try (%s) (C5)',
  async (adapter) => {
    const { authorizer } = await world({ options: { endpoint: `${await untrusted()}/`, transport: { adapter } } });
    const failure = await failureOf(authorizer.getToken());
    expect(failure).toMatchObject({ name: 'ConfigurationError', kind: 'configuration', transient: false });
    expect(failure.message).toMatch(words);
  },
);

it('the keys of a pool behind an unknown certificate are told as that (G5, C5)', async () => {
  const jwksUri = `${await untrusted()}/jwks.json`;
  const verifier = cognitoVerifier({
    userPoolId: 'eu-west-1_AbC123',
    clientId: 'the-app',
    tokenUse: 'access',
    jwksUri,
  });
  const token = [{ alg: 'RS256', kid: 'a' }, { sub: 's' }].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const failure = await failureOf(verifier(`${token.join('.')}.c2ln`));
  expect(failure).toMatchObject({ kind: 'configuration', transient: false });
  expect(failure.message).toMatch(words);
});
