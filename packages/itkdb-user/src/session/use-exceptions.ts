// What a session makes of the answers: errors become the original's exceptions, and warnings in good answers of the database
// reach the observer. Neither shows the bearer.
import { redact } from '@axios-authorizer/core/extend';
import type { Observer } from '@axios-authorizer/core';
import { isAxiosError } from 'axios';
import type { AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { asLoginError } from '../login/login-error.js';
import { readErrorBody } from './error-body.js';
import { warningsIn } from './error-map.js';
import { BadJSON } from './exceptions.js';
import { exceptionFor } from './status-exceptions.js';
import { BAD_JSON } from './whole-answers.js';
import type { UserLike } from '../user.js';

export interface ExceptionsOptions {
  readonly user: UserLike;
  /** Whether a request goes to the database; the answers of others are not looked at for warnings. */
  readonly isOurs: (config: InternalAxiosRequestConfig) => boolean;
  readonly observer: Observer | undefined;
}

/** Puts both on the client of a session. */
export function useExceptions(client: AxiosInstance, { user, isOurs, observer }: ExceptionsOptions): void {
  const secrets = (): readonly string[] => (user.bearer === '' ? [] : [user.bearer]);
  client.interceptors.response.use(
    (response) => {
      for (const warning of isOurs(response.config) ? warningsIn(response.data) : [])
        observer?.({ type: 'notice', at: Date.now(), message: redact(warning, secrets()) });
      return response;
    },
    async (error: unknown) => {
      const response = isAxiosError(error) && !('errorMap' in error) ? error.response : undefined;
      if (response === undefined) throw asLoginError(error);
      const isBadJson = isAxiosError(error) && error.code === BAD_JSON;
      if (isBadJson) throw new BadJSON(response, { secrets: secrets(), why: error.message });
      if (isCutOff(error, response)) throw error;
      await readErrorBody(response);
      throw exceptionFor(response, { secrets: secrets() });
    },
  );
}

/** A success of which not all came is no answer of the database: the connection failed, and the request may be sent again. */
function isCutOff(error: unknown, { status, config }: AxiosResponse): boolean {
  const { validateStatus } = config ?? {};
  return isAxiosError(error) && error.code !== undefined && (!validateStatus || validateStatus(status));
}
