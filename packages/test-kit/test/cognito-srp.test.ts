// Does the pool's half of SRP hold against the vectors, in every case where a byte of padding decides?

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCognitoPool } from '@axios-authorizer/test-kit';
import { SrpProofs } from '../src/cognito/steps/proofs.js';
import {
  pad,
  power,
  srpGroup,
  srpKey,
  srpServerValue,
  srpSignature,
  srpVerifier,
  toBigInt,
} from '../src/cognito/steps/srp.js';
import {
  call,
  claim,
  clientValue,
  fault,
  initiate,
  parametersOf,
  plainClient,
  poolName,
  respond,
} from './cognito-client.js';

interface Row {
  readonly label: string;
  readonly SECRET_BLOCK_b64: string;
  readonly TIMESTAMP: string;
  readonly PASSWORD_CLAIM_SIGNATURE: string;
}

interface Vectors {
  readonly password: readonly (Row & Readonly<Record<'poolName' | 'USER_ID_FOR_SRP' | 'password', string>>)[];
  readonly device: readonly (Row & Readonly<Record<'deviceGroupKey' | 'deviceKey' | 'devicePassword', string>>)[];
}

interface Case {
  readonly label: string;
  readonly group: string;
  readonly id: string;
  readonly password: string;
  readonly hex: Readonly<Record<string, string | undefined>>;
  readonly block: string;
  readonly timestamp: string;
  readonly signature: string;
}

const vectors = JSON.parse(readFileSync(join(__dirname, 'fixtures/srp-edge-cases.json'), 'utf8')) as Vectors;
const ofUsers = vectors.password.map((row) => toCase(row, [row.poolName, row.USER_ID_FOR_SRP, row.password]));
const ofDevices = vectors.device.map((row) => toCase(row, [row.deviceGroupKey, row.deviceKey, row.devicePassword]));
const cases = [...ofUsers, ...ofDevices].map((one) => [one.label, one] as const);

function toCase(row: Row, [group, id, password]: readonly [string, string, string]): Case {
  const { label, SECRET_BLOCK_b64: block, TIMESTAMP: timestamp, PASSWORD_CLAIM_SIGNATURE: signature, ...rest } = row;
  return { label, group, id, password, hex: { ...rest }, block, timestamp, signature };
}

function number({ hex }: Case, name: string): bigint {
  return BigInt(`0x${hex[`${name}_hex`] ?? ''}`);
}

test.each(cases)('B, the key and the signature are the vector’s: %s (G1)', (_label, one) => {
  const verifier = srpVerifier(one, one.password, number(one, 'SALT'));
  const serverSecret = number(one, 'b');
  const serverValue = srpServerValue(verifier, serverSecret);
  const key = srpKey({ clientValue: number(one, 'A'), serverValue, serverSecret, verifier }) ?? Buffer.alloc(0);
  const message = { group: one.group, id: one.id, secretBlock: Buffer.from(one.block, 'base64') };
  expect(serverValue.toString(16)).toBe(number(one, 'SRP_B').toString(16));
  expect(key.toString('hex')).toBe(one.hex['key_hex']);
  expect(srpSignature(key, { ...message, timestamp: one.timestamp }).toString('base64')).toBe(one.signature);
});

test.each(ofUsers.map((one) => [one.label, one] as const))('the verifier is the vector’s: %s (G1)', (_label, one) => {
  expect(srpVerifier(one, one.password, number(one, 'SALT'))).toBe(number(one, 'verifier'));
});

test.each(ofDevices.map((one) => [one.label, one] as const))(
  'ConfirmDevice’s base64 is padded: %s (G2)',
  (_label, one) => {
    const salt = number(one, 'SALT');
    expect(pad(salt).toString('base64')).toBe(one.hex['confirm_Salt_b64']);
    const verifier = BigInt(
      `0x${Buffer.from(one.hex['confirm_PasswordVerifier_b64'] ?? '', 'base64').toString('hex')}`,
    );
    expect(srpVerifier(one, one.password, salt)).toBe(verifier);
  },
);

test.each([
  ['0', 0n, '00'],
  ['127', 127n, '7f'],
  ['128', 128n, '0080'],
  ['255', 255n, '00ff'],
  ['256', 256n, '0100'],
  ['32768', 32_768n, '008000'],
])('%s has the bytes that Java’s BigInteger gives it (G1)', (_name, value, bytes) => {
  expect(pad(value).toString('hex')).toBe(bytes);
});

test.each([
  ['0', '0'],
  ['N', srpGroup.toString(16)],
  ['more than N', (srpGroup + 5n).toString(16)],
  ['no number', 'xyz'],
])('an SRP_A of %s is refused (G1)', async (_name, SRP_A) => {
  const pool = await startCognitoPool({ users: [{ username: 'alice', password: 'Passw0rd!' }] });
  expect(fault(await initiate(pool, 'alice', { SRP_A }))).toBe('400 InvalidParameterException: Invalid SRP_A');
  await pool.stop();
});

test('a b that would make B 0 is drawn again (G1)', () => {
  const [bad, good] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const k = srpServerValue(1n, 0n) - 1n;
  const verifier = srpGroup - ((power(2n, toBigInt(bad)) * power(k, srpGroup - 2n)) % srpGroup);
  expect(srpServerValue(verifier, toBigInt(bad))).toBe(0n);
  const draws = [bad, good];
  const proofs = new SrpProofs<string>({ now: Date.now, randomBytes: () => draws.shift() ?? good });
  const { SRP_B } = proofs.open({ group: 'g', id: 'i', salt: 1n, verifier }, clientValue, 'nothing');
  expect(SRP_B).toBe(srpServerValue(verifier, toBigInt(good)).toString(16));
  expect(draws).toEqual([]);
});

test.each(['00', '80', 'ff', '7f'])('salts and b that begin with %s sign in (G1)', async (first) => {
  const randomBytes = (size: number): Buffer =>
    Buffer.concat([Buffer.from(first, 'hex'), Buffer.alloc(size - 1, 0x5a)]);
  const pool = await startCognitoPool({ users: [{ username: 'zoë:x', password: 'pä:ss 密码🔐' }], randomBytes });
  const parameters = parametersOf(await initiate(pool, 'zoë:x'));
  const known = { group: poolName(pool), id: 'zoë:x', password: 'pä:ss 密码🔐' };
  expect((await respond(pool, 'PASSWORD_VERIFIER', claim(parameters, known))).status).toBe(200);
  await pool.stop();
});

test('the power of a number is taken modulo N', () => {
  expect(power(2n, 10n)).toBe(1024n);
  expect(power(srpGroup - 1n, 2n)).toBe(1n);
  expect(power(srpGroup + 3n, 2n)).toBe(9n);
});

test('an InitiateAuth without SRP_A or USERNAME is refused', async () => {
  const pool = await startCognitoPool();
  const body = { AuthFlow: 'USER_SRP_AUTH', ClientId: plainClient.clientId };
  expect(fault(await call(pool, 'InitiateAuth', body))).toContain('Missing required parameter USERNAME');
  const withName = { ...body, AuthParameters: { USERNAME: 'x' } };
  expect(fault(await call(pool, 'InitiateAuth', withName))).toContain('Missing required parameter SRP_A');
  await pool.stop();
});
