// Cognito says what went wrong by a name: in the body, in a header, and with one status for everything.

import type { Answer } from '@axios-authorizer/testing/extend';

export const amzJson = 'application/x-amz-json-1.1';

/** An error as the service sends it, for scripted answers: `pool.next('InitiateAuth', cognitoError('InternalErrorException', '…'))`. */
export function cognitoError(type: string, message: string, status = 400): Answer {
  return {
    status,
    headers: { 'content-type': amzJson, 'x-amzn-errortype': `${type}:`, 'x-amzn-errormessage': message },
    json: { __type: type, message },
  };
}
