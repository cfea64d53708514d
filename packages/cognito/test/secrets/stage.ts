// What the tests of secrets have in common: a sign-in in which everything is secret that can be, what of it went over the
// wire, and a pool that says back what it was sent.
import { createHmac } from 'node:crypto';
import { clientId, loopback, world } from '../stage.js';
import type { CognitoPool, CognitoPoolUser, Received } from '@axios-authorizer/test-kit';
import type { SRPAuthorizerOptions } from '../../src/index.js';
import type { World } from '../stage.js';

export const password = 'a-Password-of-1-"person"';
export const newPassword = 'a-New-Password-of-1-"person"';
export const wrongCode = 'a-"wrong"-code';
export const apiKey = 'the-api-key-of-the-client';
export const clientSecret = 'the-secret-of-the-app-client';
const a = Uint8Array.from({ length: 32 }, (_, index) => 7 * index + 1);

/** Known before anything is sent. */
export const known: readonly string[] = [
  password,
  newPassword,
  wrongCode,
  apiKey,
  clientSecret,
  createHmac('sha256', clientSecret).update(`alice${clientId}`).digest('base64'),
  Buffer.from(a).toString('hex'),
  BigInt(`0x${Buffer.from(a).toString('hex')}`).toString(),
];

export async function secretWorld(
  user: Partial<CognitoPoolUser>,
  options: Partial<SRPAuthorizerOptions> = {},
): Promise<World> {
  return world({
    user: { password, ...user },
    pool: { deviceTracking: 'always' },
    client: { apiKey, clientSecret },
    options: { password, random: () => a, ...options },
  });
}

const NAMES = new Set([
  'PREFERRED_CHALLENGE',
  'ANSWER',
  'AuthFlow',
  'ClientId',
  'ChallengeName',
  'USERNAME',
  'TIMESTAMP',
  'DeviceName',
]);
/** Six digits stand in many a timestamp; `wrongCode` takes their place. */
const SHORTEST = 8;

/** What is secret here, with everything secret that has gone over the wire and is held. */
export function secretsOf({ pool, authorizer }: Pick<World, 'pool' | 'authorizer'>): readonly string[] {
  const sent = pool.operations.flatMap(({ body }) => textsIn(body));
  const { token } = authorizer;
  const held = [token?.accessToken, token?.idToken, token?.refreshToken, token?.device?.password];
  return [...new Set([...known, ...sent, ...held])].filter((text) => text !== undefined);
}

function textsIn(body: object): readonly string[] {
  const found: string[] = [];
  JSON.stringify(body, (name, value: unknown) => {
    if (typeof value === 'string' && value.length >= SHORTEST && !NAMES.has(name)) found.push(value);
    return value;
  });
  return found;
}

/** The URL of a pool that forwards everything, but answers `step` with what it was sent. */
export async function echoing({ pool, clock }: Pick<World, 'pool' | 'clock'>, step: string): Promise<string> {
  const server = await loopback(async ({ headers, body }, response) => {
    const target = String(headers['x-amz-target']);
    const says = `${target} ${body.toString()}`;
    const answer = says.includes(step) ? echo(body) : await forwarded(pool, { headers, body });
    const date = new Date(clock.now()).toUTCString();
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1', date }).end(answer.text);
  });
  return `${server.origin}/`;
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Each value by itself, then the body as it came. */
function echo(body: Buffer): Answered {
  const parts = textsIn(JSON.parse(body.toString()) as object).toSorted((one, other) => one.length - other.length);
  const message = `You sent ${parts.join(' and ')} in ${body.toString()}`;
  return { status: 400, text: JSON.stringify({ __type: 'InvalidParameterException', message }) };
}

async function forwarded(pool: CognitoPool, { headers, body }: Pick<Received, 'headers' | 'body'>): Promise<Answered> {
  const kept = { 'content-type': String(headers['content-type']), 'x-amz-target': String(headers['x-amz-target']) };
  const answer = await fetch(pool.endpoint, { method: 'POST', headers: kept, body: new Uint8Array(body) });
  return { status: answer.status, text: await answer.text() };
}
