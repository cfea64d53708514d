// Several requests at once for the same thing: the first asks, and the others wait for it. None of them hangs, whatever
// becomes of the first: what ends it tells them whether to ask themselves, to fail as it did, or to look into the cache.
import { isAuthenticationError } from '@axios-authorizer/core';
import { AxiosError, isAxiosError, isCancel } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isTimeout } from './caller-limits.js';
import type { CallerLimits } from './caller-limits.js';

/** How the first one ended: with an answer, by a fault of its own, or with a failure that each would meet. */
type Ending = 'answered' | 'left' | Failure;

interface Failure {
  readonly error: AxiosError;
  /** As it came: the first caller's own code makes something else of it. */
  readonly data: unknown;
}

export interface Question {
  readonly key: string;
  readonly config: InternalAxiosRequestConfig;
  readonly limits: CallerLimits;
}

export class SameQuestion {
  readonly #asking = new Map<string, Promise<Ending>>();

  /** What `ask` gives, after whoever asks the same already. @throws what `ask` throws, or the failure of the other */
  async answer({ key, config, limits }: Question, ask: () => Promise<AxiosResponse>): Promise<AxiosResponse> {
    for (let other = this.#asking.get(key); other !== undefined; other = this.#asking.get(key)) {
      const asked = other;
      const ending = await limits.within(() => asked);
      if (ending === 'answered') return ask();
      if (ending !== 'left') throw failureFor(config, ending);
    }
    return this.#first(key, ask);
  }

  #first(key: string, ask: () => Promise<AxiosResponse>): Promise<AxiosResponse> {
    const asked = ask();
    const ending = asked.then((): Ending => 'answered', endingOf).finally(() => this.#asking.delete(key));
    this.#asking.set(key, ending);
    return asked;
  }
}

/** Who was aborted, ran out of time, has an adapter that throws, or cannot log in says nothing about the others. */
function endingOf(error: unknown): Ending {
  if (!isAxiosError(error) || isAuthenticationError(error) || isCancel(error) || isTimeout(error.code)) return 'left';
  return { error, data: error.response?.data };
}

/** Each caller gets an error of its own, with its own config. */
function failureFor(config: InternalAxiosRequestConfig, { error, data }: Failure): AxiosError {
  const { message, code, response } = error;
  const own = response && { ...response, data, config, headers: Object.assign({}, response.headers) };
  return new AxiosError(message, code, config, undefined, own);
}
