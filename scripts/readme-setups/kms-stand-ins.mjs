// Stand-ins for the clients of AWS KMS and Azure Key Vault, around a key on this machine. As there, what comes in is a digest,
// and the public key goes out as DER, or as the numbers of a JWK in bytes.
import { constants, createPrivateKey, createPublicKey, privateEncrypt } from 'node:crypto';

/** What stands before a SHA-384 digest in a PKCS #1 signature (RFC 8017 section 9.2, note 1). */
const DIGEST_INFO = Buffer.from('3041300d060960864801650304020205000430', 'hex');

const key = createPrivateKey(process.env.STAND_IN_KEY);
const publicKey = createPublicKey(key);

function signDigest(digest) {
  if (digest.length !== 48) throw new Error('A SHA-384 digest has 48 bytes');
  const padding = constants.RSA_PKCS1_PADDING;
  return Uint8Array.from(privateEncrypt({ key, padding }, Buffer.concat([DIGEST_INFO, digest])));
}

function bytesOf(number) {
  return Uint8Array.from(Buffer.from(number, 'base64url'));
}

globalThis.kms = {
  getPublicKey: async () => ({ PublicKey: Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' })) }),
  sign: async ({ Message }) => ({ Signature: signDigest(Message) }),
};

const { n, e } = publicKey.export({ format: 'jwk' });
globalThis.keyClient = { getKey: async () => ({ key: { kty: 'RSA-HSM', n: bytesOf(n), e: bytesOf(e) } }) };
globalThis.cryptographyClient = { sign: async (_algorithm, digest) => ({ result: signDigest(digest) }) };
