// Where a user pool is reached, and how it is asked: unsigned JSON, an operation in a header (application/x-amz-json-1.1).
import { ConfigurationError } from '@axios-authorizer/core';
import { sendForm, parseObject, asString, oneLine, redact } from '@axios-authorizer/core/extend';
import type { Clock, Transport } from '@axios-authorizer/core';
import type { EndpointAnswer } from '@axios-authorizer/core/extend';
import { cognitoError, NO_EXCEPTION } from './error.js';
import type { Purpose } from './error.js';

/** Which user pool, and how it is reached. */
export interface UserPoolOptions {
  /** The id of the user pool, such as "eu-west-1_AbC123". */
  readonly userPoolId: string;
  /** The URL of an emulator or a proxy: https, or http on this machine. Default: AWS, in the region of the pool. */
  readonly endpoint?: string | undefined;
  /** Lets `endpoint` be plain http beyond this machine, where nobody else is on the network (an emulator in a container). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** How the requests leave: proxy, agents, CA … Default: axios's defaults, without the user's; 30 s a request. */
  readonly transport?: Transport | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

export interface Question {
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly purpose: Purpose;
  readonly signal: AbortSignal;
}

export interface PoolAnswer {
  readonly members: Readonly<Record<string, unknown>>;
  /** In ms since the epoch. */
  readonly sentAt: number;
  /** How much the pool's clock is ahead of ours, in ms; 0 where they differ by no more than 30 s. */
  readonly aheadMs: number;
}

const POOL_ID = /^([a-z]+(?:-[a-z]+)+-\d+)_(\w+)$/;
const REQUEST_TIMEOUT_MS = 30_000;
/** Less than that is the way of the request, and the second in which a Date is written. */
const SAME_TIME_MS = 30_000;

export class UserPool {
  /** What follows "_" in the pool's id. */
  readonly name: string;
  readonly #endpoint: string;
  readonly #options: UserPoolOptions;

  /** @throws ConfigurationError when the id is none */
  constructor(options: UserPoolOptions) {
    const [, region = '', name = ''] = POOL_ID.exec(options.userPoolId) ?? [];
    if (!options.userPoolId || (name === '' && options.endpoint === undefined))
      throw new ConfigurationError('userPoolId must be like eu-west-1_AbC123; where is it read from?');
    this.name = name || options.userPoolId.slice(options.userPoolId.indexOf('_') + 1);
    this.#endpoint = options.endpoint ?? `https://cognito-idp.${region}.${domainOf(region)}/`;
    this.#options = options;
  }

  /** @throws CognitoError for an exception; TokenEndpointError `network` without an answer; ConfigurationError */
  async ask({ operation, parameters, purpose, signal }: Question): Promise<PoolAnswer> {
    const { allowInsecure, transport, clock } = this.#options;
    const answer = await sendForm({
      url: this.#endpoint,
      body: JSON.stringify(parameters),
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
        'Cache-Control': 'no-store',
      },
      secrets: secretsIn(parameters),
      allowInsecure,
      signal,
      transport: { timeout: REQUEST_TIMEOUT_MS, ...transport },
      clock,
    });
    const members = parseObject(answer.text);
    if (answer.status === 200 && members !== undefined)
      return { members, sentAt: answer.sentAt, aheadMs: aheadMs(answer) };
    const { status } = answer;
    throw cognitoError(
      { exception: exceptionOf(answer, members), said: saidIn(members, answer.secrets), status },
      operation,
      purpose,
    );
  }
}

/** Everything sent that is not a name. */
function secretsIn(parameters: unknown): readonly string[] {
  const found: string[] = [];
  JSON.stringify(parameters, (name, value: unknown) => {
    if (typeof value === 'string' && !NAMES.has(name)) found.push(value);
    return value;
  });
  return found;
}

/** By the Date of an answer, compared with the middle of its request. */
function aheadMs({ headers, sentAt, receivedAt }: EndpointAnswer): number {
  const aheadOfUsMs = Date.parse(asString(headers['date']) ?? '') - (sentAt + receivedAt) / 2;
  return Math.abs(aheadOfUsMs) > SAME_TIME_MS ? aheadOfUsMs : 0;
}

const NAMES = new Set([
  'PREFERRED_CHALLENGE',
  'CHALLENGE_NAME',
  'AuthFlow',
  'ClientId',
  'ChallengeName',
  'USERNAME',
  'DeviceName',
  'TIMESTAMP',
]);

/** From the header, or `__type` in the body: cut at ":" or ",", what follows "#". */
function exceptionOf({ headers }: EndpointAnswer, members: Readonly<Record<string, unknown>> = {}): string {
  const stated = asString(headers['x-amzn-errortype']) ?? asString(members['__type']) ?? '';
  return oneLine(stated.split(/[:,]/)[0]?.split('#').at(-1) ?? '').trim() || NO_EXCEPTION;
}

function saidIn(members: Readonly<Record<string, unknown>> = {}, secrets: readonly string[]): string {
  const said = asString(members['message']) ?? asString(members['Message']) ?? '';
  return oneLine(redact(said, secrets));
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
