// Do numbers that are short, odd or have a high top bit come out right, however powers are computed?
import { base64, hexOfBytes, numberOfBytes, padded } from '../../src/srp/bytes.js';
import { g, N } from '../../src/srp/group.js';
import { sha256 } from '../../src/srp/hashes.js';
import {
  passwordClaim,
  privateValue,
  publicValue,
  scramble,
  sessionKey,
  sharedSecret,
  verifierOf,
} from '../../src/srp/srp.js';
import { confirmations, deviceCases, passwordCases, verifiers } from './edge-cases.js';
import { serverKey, serverSecret, serverValue } from './server.js';
import { ways } from './without-native-power.js';

const all = [...passwordCases, ...deviceCases].map((given) => [given.label, given] as const);

function number(hex: string): bigint {
  return BigInt(`0x${hex}`);
}

describe.each(ways)('with %s', (_, within) => {
  it.each(all)('%s: A, u, x and S (G1)', async (__, { identity, challenge, a, expected }) => {
    const values = await within(async () => {
      const B = number(challenge.B);
      const A = publicValue(a);
      const u = await scramble(A, B);
      const x = await privateValue(identity, number(challenge.salt));
      return { A, u, x, S: await sharedSecret({ a, B, u, x }) };
    });
    const { A, u, x, S } = expected;
    expect(values).toEqual({ A: number(A), u: number(u), x: number(x), S: number(S) });
    expect(values.A.toString(16)).toBe(A);
  });

  it.each(all)('%s: key and claim (G1)', async (__, { identity, challenge, a, expected }) => {
    const { key, claim, timestamp } = expected;
    await within(async () => {
      expect(hexOfBytes(await sessionKey(identity, a, challenge))).toBe(key);
      expect(await passwordClaim(identity, a, { challenge, timestamp })).toBe(claim);
    });
  });

  it('the verifiers are those of the cases (G1)', async () => {
    const made = await within(() =>
      Promise.all(passwordCases.map(({ identity, challenge }) => verifierOf(identity, number(challenge.salt)))),
    );
    expect(made.map((verifier) => verifier.toString(16))).toEqual(verifiers);
  });
});

it.each(all)('%s: the server comes to the same S and key (G1)', async (_, given) => {
  const { identity, challenge, b, expected } = given;
  const server = { verifier: await verifierOf(identity, number(challenge.salt)), b };
  const [A, u] = [number(expected.A), number(expected.u)];
  const values = [await serverValue(server), await serverSecret(server, A, u)];
  expect(values.map((value) => value.toString(16))).toEqual([challenge.B, expected.S]);
  expect(hexOfBytes(await serverKey(server, A))).toBe(expected.key);
});

it('S is the same formula when B is above k g^x, which only a tiny x brings about (G1)', async () => {
  const k = numberOfBytes(await sha256(padded(N), padded(g)));
  const [a, u, x] = [5n, 3n, 1n];
  for (const B of [2n * k + 7n, 2n * k, 2n * k - 7n]) {
    const base = (((B - k * g) % N) + N) % N;
    expect(await sharedSecret({ a, B, u, x })).toBe(base ** (a + u * x) % N);
  }
});

it('a device is confirmed with padded salt and verifier (G3)', async () => {
  for (const [index, { identity, challenge }] of deviceCases.entries()) {
    const salt = number(challenge.salt);
    const made = { salt: base64(padded(salt)), verifier: base64(padded(await verifierOf(identity, salt))) };
    expect(made).toEqual(confirmations[index]);
  }
});

it('hex is read as a number: its case and its leading zeros change nothing (G1)', async () => {
  for (const { identity, challenge, a, expected } of passwordCases) {
    const { B, salt, secretBlock } = challenge;
    const dressed = { B: `000${B.toUpperCase()}`, salt: `00${salt.toUpperCase()}`, secretBlock };
    expect(hexOfBytes(await sessionKey(identity, a, dressed))).toBe(expected.key);
  }
});
