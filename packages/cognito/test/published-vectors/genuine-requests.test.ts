// Are our requests the genuine clients'? What amazon-cognito-identity-js, and the AWS SDK with cognito-srp-helper, sent in
// each scenario lies beside the repository: a clone that stands alone runs without it, and says so.
import { ManualClock } from '@axios-authorizer/test-kit';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf, world } from '../stage.js';
import type { ClientInfo } from '@axios-authorizer/core';
import type { Received } from '@axios-authorizer/test-kit';
import type { World } from '../stage.js';

interface Sent {
  readonly op: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}
interface Scenario {
  readonly result: string;
  readonly requests: readonly Sent[];
}

const file = join(__dirname, '../../../../../shared/data/cognito/genuine-client-requests.json');
const isThere = existsSync(file);
if (!isThere) process.stderr.write(`SKIPPED: the genuine clients' requests are not at ${file}\n`);
// They lie beside the project and are no part of it, so a clone alone has none.
const withRequests = isThere ? describe : describe.skip;

function scenario(name: string): Scenario {
  return (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Scenario>>)[name] as Scenario;
}

/** What names the operation and keeps answers out of caches; all else is the transport's or the SDK's own. */
const HEADERS = ['content-type', 'x-amz-target', 'cache-control'];
/** What axios sends by itself. */
const TRANSPORT = ['accept', 'accept-encoding', 'connection', 'content-length', 'host', 'user-agent'];

/** The random parts by their form. */
const FORMS: Readonly<Record<string, RegExp>> = {
  SRP_A: /^[1-9a-f][0-9a-f]{700,767}$/,
  PASSWORD_CLAIM_SECRET_BLOCK: /^[A-Za-z0-9+/]+={0,2}$/,
  PASSWORD_CLAIM_SIGNATURE: /^[A-Za-z0-9+/]{43}=$/,
  SECRET_HASH: /^[A-Za-z0-9+/]{43}=$/,
  Session: /^[\w-]{20,}$/,
};

/** A body less ClientMetadata, with random parts replaced by their form. */
function comparable(body: unknown): unknown {
  const shown = JSON.stringify(body, (name, value: unknown) => {
    if (name === 'ClientMetadata') return undefined;
    const form = FORMS[name];
    return form && typeof value === 'string' ? `${form.test(value) ? 'of' : 'NOT of'} the form of ${name}` : value;
  });
  return JSON.parse(shown);
}

function expected({ op, headers, body }: Sent): object {
  const kept = HEADERS.filter((name) => name in headers).map((name) => [name, headers[name]]);
  return { op, headers: Object.fromEntries(kept) as object, body: comparable(body) };
}

/** The same of a request of ours, with the headers that the genuine client sent. */
function ours({ headers, body }: Received, genuine: Sent): object {
  const kept = HEADERS.filter((name) => name in genuine.headers).map((name) => [name, headers[name]]);
  const op = String(headers['x-amz-target']).split('.')[1];
  return { op, headers: Object.fromEntries(kept) as object, body: comparable(JSON.parse(body.toString())) };
}

interface Person {
  readonly username: string;
  readonly password?: string;
  readonly clientSecret?: string;
  readonly mustChangePassword?: boolean;
}

/** A world at the time of the scenario's proof, with its client. */
function worldOf({ requests }: Scenario, { username, password, clientSecret, ...user }: Person): Promise<World> {
  const proof = requests[1]?.body['ChallengeResponses'] as Readonly<Record<string, string>>;
  const client: ClientInfo = { clientId: String(requests[0]?.body['ClientId']), ...(clientSecret && { clientSecret }) };
  const options = { username, ...(password && { password }), onChallenge: () => 'Perm-1234' };
  const name = username.includes('@') ? 'alice' : username;
  return world({
    clock: new ManualClock(Date.parse(String(proof['TIMESTAMP']))),
    user: { ...user, username: name, email: 'a@example.org' },
    client,
    options,
  });
}

const rows: readonly (readonly [name: string, person: Person, outcome: string])[] = [
  ['acijs_srp', { username: 'alice' }, 'alice'],
  ['acijs_email_alias', { username: 'a@example.org' }, 'alice'],
  ['acijs_wrong', { username: 'alice', password: 'Wrong-Horse-1' }, 'NotAuthorizedException'],
  ['acijs_new_password', { username: 'fresh', mustChangePassword: true }, 'fresh'],
  ['sdk3_helper_secret', { username: 'alice', clientSecret: 'the-secret-of-the-app-client' }, 'alice'],
];

withRequests('the requests of a sign-in', () => {
  it.each(rows)(
    '%s: operations, parameters and headers are the genuine client’s (G1, G2)',
    async (name, person, outcome) => {
      const genuine = scenario(name);
      const { pool, authorizer } = await worldOf(genuine, person);
      const signedIn = authorizer.getToken().then(({ username }) => username);
      const got = outcome === 'NotAuthorizedException' ? (await failureOf(signedIn)).exception : await signedIn;
      expect(got).toBe(outcome);
      expect(genuine.result.startsWith('OK')).toBe(outcome !== 'NotAuthorizedException');
      expect(pool.requests).toHaveLength(genuine.requests.length);
      const sent = genuine.requests.map((request, index) => ours(pool.requests[index] as Received, request));
      expect(sent).toEqual(genuine.requests.map(expected));
      const extra = pool.requests.flatMap(({ headers }) => Object.keys(headers));
      expect(extra.filter((header) => ![...HEADERS, ...TRANSPORT].includes(header))).toEqual([]);
    },
  );

  it('the genuine clients’ own random parts have the forms that ours are held to (G1)', () => {
    const sent = JSON.stringify(rows.flatMap(([name]) => scenario(name).requests.map(({ body }) => comparable(body))));
    expect(sent).toContain('"of the form of SRP_A"');
    expect(sent).not.toContain('NOT of');
  });
});
