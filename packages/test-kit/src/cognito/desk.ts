// Every operation passes here once: it is recorded, gets the answer that a test has written for it, or is performed.

import { reply, script } from '@axios-authorizer/testing/extend';
import { accountOperations } from './state/account.js';
import { amzJson, cognitoError } from './error.js';
import { CognitoFault } from './fault.js';
import { Members, parseMembers } from './members.js';
import { refreshOperations } from './steps/refresh.js';
import { signInOperations } from './steps/sign-in.js';
import type { Answer, Script } from '@axios-authorizer/testing/extend';
import type { CognitoContext } from './context.js';
import type { Operations } from './operation.js';
import type { CognitoOperation, CognitoPoolOptions } from './options.js';
import type { ServerResponse } from 'node:http';

export class CognitoDesk {
  /** How many operations are still to be refused. */
  throttled = 0;
  readonly operations: CognitoOperation[] = [];
  readonly #table: Operations;
  readonly #legacy: Answer | undefined;
  readonly #scripts = new Map<string, Script<readonly []>>();

  constructor(context: CognitoContext) {
    this.#table = { ...signInOperations(context), ...refreshOperations(context), ...accountOperations(context) };
    this.#legacy = legacyAnswer(context.options);
  }

  next(operation: string, answers: readonly (Answer | undefined)[]): void {
    const known = this.#scripts.get(operation) ?? script<readonly []>();
    this.#scripts.set(operation, known);
    known.next(answers);
  }

  scripted(operation: string): Answer | undefined {
    return this.#scripts.get(operation)?.take();
  }

  async serve(name: string, body: string, response: ServerResponse): Promise<void> {
    this.operations.push({ name, body: attempt(() => parseMembers(body)) ?? {} });
    const answer = this.scripted(name) ?? this.#throttle() ?? {};
    await reply(response, answer, () => this.#perform(name, body));
  }

  #throttle(): Answer | undefined {
    if (this.throttled === 0) {
      return undefined;
    }
    this.throttled -= 1;
    return cognitoError('TooManyRequestsException', 'Rate exceeded');
  }

  #perform(name: string, body: string): Answer {
    if (name === 'GetTokensFromRefreshToken' && this.#legacy !== undefined) {
      return this.#legacy;
    }
    try {
      return { headers: { 'content-type': amzJson }, json: this.#operation(name)(new Members(parseMembers(body))) };
    } catch (error) {
      if (error instanceof CognitoFault) {
        return cognitoError(error.type, error.message);
      }
      throw error;
    }
  }

  #operation(name: string): Operations[string] {
    const operation = Object.hasOwn(this.#table, name) ? this.#table[name] : undefined;
    if (operation === undefined) {
      throw new CognitoFault('UnknownOperationException', `There is no operation ${name}`);
    }
    return operation;
  }
}

function legacyAnswer({ legacyRefreshOnly = false }: CognitoPoolOptions): Answer | undefined {
  if (legacyRefreshOnly === false) {
    return undefined;
  }
  const { status = 400, type = 'UnknownOperationException' } = legacyRefreshOnly === true ? {} : legacyRefreshOnly;
  return cognitoError(type, 'There is no operation GetTokensFromRefreshToken', status);
}

function attempt<Result>(make: () => Result): Result | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
