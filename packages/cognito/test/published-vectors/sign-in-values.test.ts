// Do A, u, x, S, the key and the claim come out as in the published clients' own tests?
import { base64, bytesOfBase64, concatenated, hexOfBytes, numberOfBytes, padded, utf8 } from '../../src/srp/bytes.js';
import { hmacSha256, sha256 } from '../../src/srp/hashes.js';
import {
  passwordClaim,
  privateValue,
  publicValue,
  scramble,
  sessionKey,
  sharedSecret,
  verifierOf,
} from '../../src/srp/srp.js';
import { hexNumber, published, tellWhenSkipped, withVectors } from './vectors.js';
import type { AndroidVector } from './vectors.js';

tellWhenSkipped();

withVectors('amplify-android', () => {
  const vector = (): AndroidVector => published('amplify-android');

  function given(): { identity: Parameters<typeof passwordClaim>[0]; a: bigint; B: bigint } {
    const { poolId, username: user, password, a_dec, SRP_B_hex } = vector();
    const group = poolId.slice(poolId.indexOf('_') + 1);
    return { identity: { group, user, password }, a: BigInt(a_dec), B: hexNumber(SRP_B_hex) };
  }

  it('has the same A, of an `a` of 1,024 bits (G1)', () => {
    expect(publicValue(given().a)).toBe(BigInt(vector().A_dec));
  });

  it('has the same u, x and S (G1)', async () => {
    const { A_dec, SALT_hex, u_dec, x_dec, S_dec } = vector();
    const { identity, a, B } = given();
    const u = await scramble(BigInt(A_dec), B);
    const x = await privateValue(identity, hexNumber(SALT_hex));
    expect([u, x]).toEqual([BigInt(u_dec), BigInt(x_dec)]);
    expect(await sharedSecret({ a, B, u, x })).toBe(BigInt(S_dec));
  });

  it('has the same key, and the claim that follows from its bytes, not from its base64 text (G1)', async () => {
    const { SRP_B_hex: B, SALT_hex: salt, SECRET_BLOCK_b64: secretBlock, TIMESTAMP: timestamp, key_b64 } = vector();
    const { identity, a } = given();
    const challenge = { B, salt, secretBlock };
    expect(base64(await sessionKey(identity, a, challenge))).toBe(key_b64);
    const claim = await passwordClaim(identity, a, { challenge, timestamp });
    expect(claim).toBe(vector().derived_by_us_PASSWORD_CLAIM_SIGNATURE_with_raw_key);
    expect(claim).not.toBe(vector().M1_b64_in_their_test_keyed_with_base64_text_of_key);
  });

  it('signs this very message: with the base64 text as key its own M1 comes out (G1)', async () => {
    const { key_b64, SECRET_BLOCK_b64, TIMESTAMP, M1_b64_in_their_test_keyed_with_base64_text_of_key: M1 } = vector();
    const { group, user } = given().identity;
    const message = concatenated(utf8(group + user), bytesOfBase64(SECRET_BLOCK_b64), utf8(TIMESTAMP));
    expect(base64(await hmacSha256(utf8(key_b64), message))).toBe(M1);
  });
});

withVectors('cognito-srp-helper', () => {
  const { data, derived, device } = {
    data: () => published('cognito-srp-helper').data,
    derived: () => published('cognito-srp-helper').derived_by_us,
    device: () => published('cognito-srp-helper').device_derived_by_us,
  };

  function identityOf(name: 'sub' | 'username'): Parameters<typeof passwordClaim>[0] {
    const { poolIdAbbr: group, password } = data();
    return { group, user: data()[name], password };
  }

  it('has the same A, of an `a` of 64 bits (G1)', () => {
    expect(publicValue(hexNumber(data().smallA)).toString(16)).toBe(data().largeA);
  });

  it('has the same hash of user and password, which is that of the sub (G1)', async () => {
    const { group, user, password } = identityOf('sub');
    expect(hexOfBytes(await sha256(utf8(`${group}${user}:${password}`)))).toBe(data().passwordHash);
  });

  it('has the same u, x, S and key (G1)', async () => {
    const [a, B, salt] = [data().smallA, data().largeB, data().salt].map(hexNumber) as [bigint, bigint, bigint];
    const u = await scramble(hexNumber(data().largeA), B);
    const x = await privateValue(identityOf('sub'), salt);
    const S = await sharedSecret({ a, B, u, x });
    const { u_hex, x_hex, S_hex, key_hex } = derived();
    expect([u, x, S].map((value) => value.toString(16))).toEqual([u_hex, x_hex, S_hex]);
    const challenge = { B: data().largeB, salt: data().salt, secretBlock: data().secret };
    expect(hexOfBytes(await sessionKey(identityOf('sub'), a, challenge))).toBe(key_hex);
  });

  it('has the same claim: the user in the message is the sub, not the name of the login (G1)', async () => {
    const { smallA, largeB: B, salt, secret: secretBlock, timestamp, passwordSignature } = data();
    const claim = await passwordClaim(identityOf('sub'), hexNumber(smallA), {
      challenge: { B, salt, secretBlock },
      timestamp,
    });
    expect([claim, claim]).toEqual([passwordSignature, derived().sig_if_message_user_is_sub]);
  });

  it('with the login’s name in the message alone its other signature comes out (G1)', async () => {
    const { smallA, largeB: B, salt, secret: secretBlock, timestamp, poolIdAbbr, username } = data();
    const key = await sessionKey(identityOf('sub'), hexNumber(smallA), { B, salt, secretBlock });
    const message = concatenated(utf8(poolIdAbbr + username), bytesOfBase64(secretBlock), utf8(timestamp));
    expect(base64(await hmacSha256(key, message))).toBe(derived().sig_if_message_user_is_username);
  });

  it('remembers a device by the same x, verifier and salt (G3)', async () => {
    const { deviceGroupKey: group, deviceKey: user, deviceRandomPassword: password, deviceSalt } = data();
    const salt = numberOfBytes(bytesOfBase64(deviceSalt));
    const identity = { group, user, password };
    const verifier = await verifierOf(identity, salt);
    const { salt_int_hex, x_hex, verifier_hex, verifier_padded_b64, salt_padded_b64 } = device();
    const x = await privateValue(identity, salt);
    expect([salt, x, verifier].map((value) => value.toString(16))).toEqual([salt_int_hex, x_hex, verifier_hex]);
    expect([base64(padded(verifier)), base64(padded(salt))]).toEqual([verifier_padded_b64, salt_padded_b64]);
    expect([base64(padded(verifier)), base64(padded(salt))]).toEqual([data().devicePasswordVerifier, deviceSalt]);
  });
});
