// Passkeys, as far as a pool judges them: what it asks an authenticator for, and whether the answer was signed by the key that
// it knows (Web Authentication Level 3, 7.2). An authenticator of the tests' own stands beside it.

import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { Members, parseMembers } from '../members.js';
import type { CognitoPasskey } from '../options.js';

export interface CredentialOptions {
  readonly challenge: string;
  readonly timeout: number;
  readonly rpId: string;
  readonly allowCredentials: readonly { readonly type: 'public-key'; readonly id: string }[];
  readonly userVerification: 'preferred';
}

/** AuthenticationResponseJSON, as far as it is read. */
export interface PasskeyAssertion {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
  };
}

export interface TestPasskey extends CognitoPasskey {
  /** What a browser answers. @param options the text of CREDENTIAL_REQUEST_OPTIONS */
  answer(options: string): PasskeyAssertion;
}

const rpId = 'localhost';
const userPresent = 1;
const nothing = Buffer.alloc(0);

export function credentialOptions({ id }: CognitoPasskey): CredentialOptions {
  return {
    challenge: randomBytes(32).toString('base64url'),
    timeout: 180_000,
    rpId,
    allowCredentials: [{ type: 'public-key', id }],
    userVerification: 'preferred',
  };
}

/** @throws CognitoFault when it is no AuthenticationResponseJSON */
export function isAssertion(credential: string, passkey: CognitoPasskey, challenge: string): boolean {
  const assertion = new Members(parseMembers(credential));
  const response = assertion.inner('response');
  const [client, data, signature] = ['clientDataJSON', 'authenticatorData', 'signature'].map((name) =>
    Buffer.from(response.text(name), 'base64url'),
  );
  const said = new Members(parseMembers(String(client)));
  const isMeant = said.text('type') === 'webauthn.get' && said.text('challenge') === challenge;
  const signed = Buffer.concat([data ?? nothing, sha256(client ?? nothing)]);
  const isPresent = signed.subarray(0, 32).equals(sha256(rpId)) && ((signed[32] ?? 0) & userPresent) !== 0;
  const key = createPublicKey(passkey.publicKey);
  return (
    assertion.text('id') === passkey.id && isMeant && isPresent && verify('sha256', signed, key, signature ?? nothing)
  );
}

/** An authenticator with one new key on P-256. */
export function testPasskey(): TestPasskey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(16).toString('base64url');
  return {
    id,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    answer: (text) => {
      const challenge = new Members(parseMembers(text)).text('challenge');
      const client = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin: 'http://localhost' }));
      const data = Buffer.concat([sha256(rpId), Buffer.from([userPresent, 0, 0, 0, 1])]);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey);
      const [clientDataJSON, authenticatorData, signed] = [client, data, signature].map((bytes) =>
        bytes.toString('base64url'),
      );
      const response = {
        clientDataJSON: String(clientDataJSON),
        authenticatorData: String(authenticatorData),
        signature: String(signed),
      };
      return { id, rawId: id, type: 'public-key', response };
    },
  };
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
