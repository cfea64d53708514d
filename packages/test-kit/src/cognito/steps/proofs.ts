// A proof by SRP has two halves with a SECRET_BLOCK between them. Users and devices prove themselves in the same way, so
// one desk serves both; it remembers what it opened, and closes each case once.

import { randomBytes } from 'node:crypto';
import { demand } from '../fault.js';
import { srpGroup, srpKey, srpServerValue, srpSignature, toBigInt } from './srp.js';
import { formatTimestamp, parseTimestamp } from './timestamp.js';
import type { Members } from '../members.js';
import type { SrpExchange, SrpIdentity } from './srp.js';

export interface SrpSubject extends SrpIdentity {
  readonly salt: bigint;
  readonly verifier: bigint;
}

export interface OpenProof<About> {
  readonly subject: SrpSubject;
  readonly exchange: SrpExchange;
  readonly about: About;
  readonly expiresAt: number;
}

interface ProofOptions {
  readonly now: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

const lifeMs = 180_000;
const skewMs = 300_000;
const blockBytes = 128;
const badTimestamp = 'TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english';

export class SrpProofs<About> {
  readonly #options: ProofOptions;
  readonly #open = new Map<string, OpenProof<About>>();

  constructor(options: ProofOptions) {
    this.#options = options;
  }

  /** SALT, SRP_B and SECRET_BLOCK for a client that sent SRP_A; numbers without leading zeros, as Java prints them. */
  open(subject: SrpSubject, clientValueHex: string, about: About): Readonly<Record<string, string>> {
    const clientValue = readClientValue(clientValueHex);
    const { serverSecret, serverValue } = this.#serverHalf(subject.verifier);
    const exchange = { clientValue, serverValue, serverSecret, verifier: subject.verifier };
    const block = randomBytes(blockBytes).toString('base64');
    this.#open.set(block, { subject, exchange, about, expiresAt: this.#options.now() + lifeMs });
    return { SALT: subject.salt.toString(16), SRP_B: serverValue.toString(16), SECRET_BLOCK: block };
  }

  /** The open case of that SECRET_BLOCK. */
  find(block: string): OpenProof<About> | undefined {
    const proof = this.#open.get(block);
    return proof !== undefined && proof.expiresAt > this.#options.now() ? proof : undefined;
  }

  /** A SECRET_BLOCK is good for one judgement. */
  close(block: string): void {
    this.#open.delete(block);
  }

  /** Whether the answers prove the password: the right signature over a timestamp in its one right form, close to now. */
  holds({ subject, exchange }: OpenProof<About>, answers: Members): boolean {
    const text = answers.text('TIMESTAMP');
    const at = parseTimestamp(text);
    demand(at !== undefined, 'InvalidParameterException', badTimestamp);
    const key = srpKey(exchange);
    const secretBlock = Buffer.from(answers.text('PASSWORD_CLAIM_SECRET_BLOCK'), 'base64');
    const expected = key && srpSignature(key, { ...subject, secretBlock, timestamp: formatTimestamp(at) });
    const matches = expected?.toString('base64') === answers.text('PASSWORD_CLAIM_SIGNATURE');
    return matches && formatTimestamp(at) === text && Math.abs(at - this.#options.now()) <= skewMs;
  }

  /** A B of 0 would tell the client nothing: draw again. */
  #serverHalf(verifier: bigint): Pick<SrpExchange, 'serverSecret' | 'serverValue'> {
    const serverSecret = toBigInt(this.#options.randomBytes(32));
    const serverValue = srpServerValue(verifier, serverSecret);
    return serverValue === 0n ? this.#serverHalf(verifier) : { serverSecret, serverValue };
  }
}

function readClientValue(hex: string): bigint {
  const isNumber = /^[0-9a-f]+$/i.test(hex);
  const value = isNumber ? BigInt(`0x${hex}`) : 0n;
  demand(value < srpGroup && value % srpGroup !== 0n, 'InvalidParameterException', 'Invalid SRP_A');
  return value;
}
