// Makes the RSA keys that the servers of all test files sign with, once for a run: each takes longer than most tests.
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

const COUNT = 8; // no test holds that many at once, so those that it holds differ
const options = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
};

export default async function makeTestKeys() {
  const make = promisify(generateKeyPair);
  const pairs = await Promise.all(Array.from({ length: COUNT }, () => make('rsa', options)));
  process.env['TEST_KIT_RSA_KEYS'] = pairs.map(({ privateKey }) => String(privateKey)).join(';');
}
