// Are the group, its k, the padding and the hashes those of the published clients?
import { base64, bytesOfHex, hexOfBytes, numberOfBytes, padded, utf8 } from '../../src/srp/bytes.js';
import { g, N } from '../../src/srp/group.js';
import { derivedKey, hmacSha256, sha256 } from '../../src/srp/hashes.js';
import { bigIntPower } from '../../src/srp/modular-power.js';
import { scramble, sharedSecret } from '../../src/srp/srp.js';
import { hexNumber, published, withVectors } from './vectors.js';

withVectors('the constants', () => {
  it('are the group and its generator (G1)', () => {
    const { N_hex, g_hex } = published('constants');
    expect([N.toString(16), g.toString(16)]).toEqual([N_hex, g_hex]);
  });

  it('give k from the padded N and g, not from the bare N (G1)', async () => {
    const { k_hex, k_dec, N_hex, wrong_k_if_N_not_padded_hex: wrong } = published('constants');
    const k = numberOfBytes(await sha256(padded(N), padded(g)));
    expect([k.toString(16), k.toString()]).toEqual([k_hex, k_dec]);
    expect(hexOfBytes(await sha256(bytesOfHex(N_hex), padded(g)))).toBe(wrong);
  });

  it('S is made with that k, and is another with the k of the bare N (G1)', async () => {
    const { k_hex, wrong_k_if_N_not_padded_hex: wrong } = published('constants');
    const { smallA, largeB } = published('cognito-srp-helper').data;
    const { u_hex, x_hex } = published('cognito-srp-helper').derived_by_us;
    const [a, B, u, x] = [smallA, largeB, u_hex, x_hex].map(hexNumber) as [bigint, bigint, bigint, bigint];
    const withK = (k: bigint): bigint => bigIntPower((((B - k * bigIntPower(g, x)) % N) + N) % N, a + u * x);
    const S = await sharedSecret({ a, B, u, x });
    expect(S).toBe(withK(hexNumber(k_hex)));
    expect(S).not.toBe(withK(hexNumber(wrong)));
  });

  it('are the info, its suffix and the length of the derived key (G1)', async () => {
    const { hkdf_info_utf8, hkdf_info_suffix_hex, hkdf_out_bytes } = published('constants');
    const [secret, salt] = [utf8('a secret'), utf8('a salt')];
    const extracted = await hmacSha256(salt, secret);
    const block = await hmacSha256(extracted, utf8(hkdf_info_utf8), bytesOfHex(hkdf_info_suffix_hex));
    expect(await derivedKey(secret, salt)).toEqual(block.slice(0, hkdf_out_bytes));
  });
});

withVectors('padding', () => {
  it('is the two’s complement of all integers of amplify-js that are not negative (G1)', () => {
    const cases = published('padhex-amplify-js').cases.filter(({ int }) => int >= 0);
    expect(cases).toHaveLength(257);
    for (const { int, hex } of cases) expect([int, hexOfBytes(padded(BigInt(int)))]).toEqual([int, hex.toLowerCase()]);
  });

  it('is that of the Dart client (G1)', () => {
    const cases = Object.entries(published('dart-cognito').padHex);
    expect(cases).toHaveLength(16);
    for (const [hex, expected] of cases) expect(hexOfBytes(padded(hexNumber(hex)))).toBe(expected);
  });
});

withVectors('the Dart client', () => {
  it('hashes bytes as we do (G1)', async () => {
    const { hex, sha256_hex } = published('dart-cognito').hexHash;
    expect(hexOfBytes(await sha256(bytesOfHex(hex)))).toBe(sha256_hex);
  });

  it('derives the same key (G1)', async () => {
    const { ikm_utf8, salt_utf8, out_b64 } = published('dart-cognito').hkdf;
    expect(base64(await derivedKey(utf8(ikm_utf8), utf8(salt_utf8)))).toBe(out_b64);
  });

  it('has the same u (G1)', async () => {
    const { A_hex, B_hex, u_hex } = published('dart-cognito').u;
    expect((await scramble(hexNumber(A_hex), hexNumber(B_hex))).toString(16)).toBe(u_hex);
  });
});
