// Does a whole sign-in send what cognito-srp-helper's own test expects, claim and secret hash included?
import { ManualClock, startLoopback } from '@axios-authorizer/test-kit';
import { SRPAuthorizer } from '../../src/index.js';
import { bytesOfHex } from '../../src/srp/bytes.js';
import { published, withVectors } from './vectors.js';
import type { LoopbackServer, Received } from '@axios-authorizer/test-kit';
import type { ServerResponse } from 'node:http';
import type { HelperVectors } from './vectors.js';

let pool: LoopbackServer;

beforeEach(async () => {
  pool = await startLoopback(answer);
});
afterEach(() => pool.stop());

/** A pool that says what the vectors say, whatever it is asked. */
function answer({ headers }: Received, response: ServerResponse): void {
  const { sub: USER_ID_FOR_SRP, largeB: SRP_B, salt: SALT, secret: SECRET_BLOCK } = vectors().data;
  const challenge = {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: { USER_ID_FOR_SRP, USERNAME: USER_ID_FOR_SRP, SRP_B, SALT, SECRET_BLOCK },
  };
  const tokens = { AuthenticationResult: { AccessToken: 'the-access-token', ExpiresIn: 3600, TokenType: 'Bearer' } };
  const begins = String(headers['x-amz-target']).endsWith('.InitiateAuth');
  const date = new Date(vectors().notes.timestamp_ms).toUTCString(); // a proof goes by the pool's clock
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', date });
  response.end(JSON.stringify(begins ? challenge : tokens));
}

function vectors(): HelperVectors {
  return published('cognito-srp-helper');
}

interface Sent {
  readonly AuthParameters?: Readonly<Record<string, string>>;
  readonly ChallengeResponses?: Readonly<Record<string, string>>;
}

async function signedIn(username: string): Promise<readonly Sent[]> {
  const { clientId, secretId: clientSecret, poolId: userPoolId, password, smallA } = vectors().data;
  const clock = new ManualClock(vectors().notes.timestamp_ms);
  const random = (): Uint8Array => bytesOfHex(smallA);
  const options = { userPoolId, username, password, random, clock, endpoint: `${pool.origin}/` };
  const { accessToken } = await new SRPAuthorizer({ clientId, clientSecret }, options).getToken();
  expect(accessToken).toBe('the-access-token');
  return pool.requests.map(({ body }) => JSON.parse(body.toString()) as Sent);
}

withVectors('a sign-in as cognito-srp-helper tests it', () => {
  it('sends its A, and its secret hash of the user’s name (G1, G2)', async () => {
    const { sub, largeA, secretHash } = vectors().data;
    const [begun] = await signedIn(sub);
    expect(begun?.AuthParameters).toEqual({ USERNAME: sub, SRP_A: largeA, SECRET_HASH: secretHash });
  });

  it('by an alias: claim and secret hash of the answer are those of the internal name (G1, G2)', async () => {
    const { sub, username, secret, timestamp, passwordSignature, secretHash } = vectors().data;
    const [begun, proven, ...more] = await signedIn(username);
    expect(more).toEqual([]);
    expect(begun?.AuthParameters).toMatchObject({ USERNAME: username });
    expect(begun?.AuthParameters?.['SECRET_HASH']).not.toBe(secretHash);
    expect(proven?.ChallengeResponses).toEqual({
      USERNAME: sub,
      PASSWORD_CLAIM_SECRET_BLOCK: secret,
      PASSWORD_CLAIM_SIGNATURE: passwordSignature,
      TIMESTAMP: timestamp,
      SECRET_HASH: secretHash,
    });
  });
});
