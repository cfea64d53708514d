// publint and attw look at files and types only; this proves that both builds run, and that who only signs in does not
// load what verifies.
import { join } from 'node:path';
import { createCognitoClient } from '@axios-authorizer/cognito';
import { cognitoVerifier } from '@axios-authorizer/cognito/verify';
import { runNode } from '@axios-authorizer/test-kit';
import { apiKey, clientId, healthy, password, runClient, withServices } from './dist-service.js';

const cwd = join(__dirname, '..');
const fixtures = join(__dirname, 'fixtures');

it.each(['client.mjs', 'client.cjs'])(
  '%s signs in by SRP, is let in, is told of a challenge, and verifies its token (G1, G2, G5)',
  async (name) => {
    expect(await runClient([join(fixtures, name)], cwd)).toEqual(healthy);
  },
);

it.each([
  ['@axios-authorizer/cognito', ['ChallengeRequiredError', 'createCognitoClient', 'OAuth2Authorizer', 'SRPAuthorizer']],
  ['@axios-authorizer/cognito/node', ['fileDeviceStore']],
  ['@axios-authorizer/cognito/verify', ['cognitoVerifier', 'verifyCognitoToken']],
])('both builds of %s export the same names', async (entry, some) => {
  const program = `
    const named = (space) => Object.keys(space).filter((one) => !['default', '__esModule', 'module.exports'].includes(one)).sort();
    import('${entry}').then((esm) => console.log(JSON.stringify([named(esm), named(require('${entry}'))])));`;
  const printed = await runNode(['--input-type=commonjs', '-e', program], { cwd });
  const [esm, cjs] = JSON.parse(printed) as readonly (readonly string[])[];
  expect(esm).toEqual(cjs);
  expect(esm).toEqual(expect.arrayContaining(some));
});

it.each(['import', 'require'])(
  'by %s, nothing before the first verification loads jsonwebtoken or jwks-rsa (G5)',
  async (how) => {
    const { printed } = await runClient([join(fixtures, 'loaded.mjs'), how], cwd);
    expect(printed).toEqual({
      imported: [],
      signedIn: [],
      verifyImported: [],
      ready: [],
      verified: ['jsonwebtoken', 'jwks-rsa'],
      username: 'ada',
    });
  },
);

// Jest has no import() in CommonJS, so what the package loads on first use must come by require().
it('inside Jest the CommonJS build signs in and verifies (G1, G5)', async () => {
  expect(require.resolve('@axios-authorizer/cognito')).toBe(join(cwd, 'dist/cjs/index.js'));
  expect(require.resolve('@axios-authorizer/cognito/verify')).toBe(join(cwd, 'dist/cjs/node/verify.js'));
  await withServices(async ({ pool: { poolId: userPoolId, endpoint, issuer }, api: { origin: baseURL } }) => {
    const clientInfo = { clientId, apiKey };
    const api = createCognitoClient({ clientInfo, userPoolId, endpoint, username: 'ada', password }, { baseURL });
    expect((await api.get('/things')).status).toBe(200);
    const { accessToken } = await api.authorizer.getToken();
    const verify = cognitoVerifier({ userPoolId, clientId, tokenUse: 'access', issuer });
    expect(await verify(accessToken)).toMatchObject({ username: 'ada', iss: issuer });
    await expect(verify(`${accessToken.slice(0, -8)}AAAAAAAA`)).rejects.toMatchObject({ code: 'token_invalid' });
  });
});
