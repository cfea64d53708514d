// publint and attw look at files and types only; this proves that both builds run, and that a service that only signs pays
// for nothing else.
import { join } from 'node:path';
import {
  createSmartBackendClient,
  generateKeyPair,
  publicJwks,
  SMARTBackendAuth,
} from '@axios-authorizer/smart-backend';
import { runNode, startSmartServer } from '@axios-authorizer/test-kit';
import { healthy, runClient } from './dist-service.js';

const cwd = join(__dirname, '..');
const fixtures = join(__dirname, 'fixtures');

it.each(['client.mjs', 'client.cjs'])(
  '%s loads and makes keys, gets tokens by a key and by a signer, and reads patients (S2)',
  async (name) => {
    expect(await runClient([join(fixtures, name)], cwd)).toEqual(healthy);
  },
);

it('both builds export the same names', async () => {
  const program = `
    const name = '@axios-authorizer/smart-backend';
    const named = (space) => Object.keys(space).filter((one) => !['default', '__esModule', 'module.exports'].includes(one)).sort();
    import(name).then((esm) => console.log(JSON.stringify([named(esm), named(require(name))])));`;
  const printed = await runNode(['--input-type=commonjs', '-e', program], { cwd });
  const [esm, cjs] = JSON.parse(printed) as readonly (readonly string[])[];
  expect(esm).toEqual(cjs);
  expect(esm).toEqual(expect.arrayContaining(['createSmartBackendClient', 'jwksHandler', 'loadKeys', 'SupportedAlg']));
});

it.each(['import', 'require'])(
  'by %s, signing loads neither node-jose nor, before the first signature, jsonwebtoken (S2)',
  async (how) => {
    const { printed } = await runClient([join(fixtures, 'loaded.mjs'), how], cwd);
    expect(printed).toEqual({
      imported: [],
      ready: [],
      signed: ['jsonwebtoken'],
      published: ['jsonwebtoken', 'node-jose'],
      token: true,
    });
  },
);

// Jest has no import() in CommonJS, so what the package loads on first use must come by require().
it.each(['ES384', 'RS384'] as const)(
  'inside Jest the CommonJS build makes keys and signs with %s (S2)',
  async (alg) => {
    expect(require.resolve('@axios-authorizer/smart-backend')).toBe(join(cwd, 'dist/cjs/index.js'));
    const keys = await generateKeyPair(alg, { modulusLength: 2048 });
    const server = await startSmartServer({ clients: [{ clientId: 'in-jest', jwks: await publicJwks(keys) }] });
    const options = { baseUrl: server.baseUrl, clientId: 'in-jest', scope: 'system/*.rs', keys };
    try {
      expect(await new SMARTBackendAuth(options).getToken()).toBe(server.issued[0]);
      expect((await createSmartBackendClient(options).get('/Patient/1')).status).toBe(200);
      expect(server.assertions.map(({ header }) => header['alg'])).toEqual([alg, alg]);
    } finally {
      await server.stop();
    }
  },
);
