// Makes the RSA keys that the servers of all test files sign with, once for a run: each takes longer than most tests.
import { generateKeyPair } from 'node:crypto';

const COUNT = 8; // no test holds that many at once, so those that it holds differ
const options = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
};

/** A PKCS#8 PEM. */
function newKey() {
  return new Promise((resolve, reject) => {
    generateKeyPair('rsa', options, (error, _publicKey, privateKey) => (error ? reject(error) : resolve(privateKey)));
  });
}

export default async function makeTestKeys() {
  const keys = await Promise.all(Array.from({ length: COUNT }, newKey));
  process.env['TEST_KIT_RSA_KEYS'] = keys.join(';');
}
