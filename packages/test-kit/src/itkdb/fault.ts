// A uuApp says what went wrong in an envelope of its own, keyed by application, command and code, with a stack trace of
// the server that clients must not show. Rules throw a fault, and the door of each server makes the envelope of it.

import { randomBytes } from 'node:crypto';
import type { Answer } from '@axios-authorizer/testing/extend';

/** What `trace` says in every error: nothing a client prints may contain it. */
export const itkdbTrace = 'InternalTrace: raised in uu_app_server/lib/handler.rb:42';

interface Details {
  readonly message: string;
  /** missingKeyMap, invalidValueKeyMap, unsupportedKeyList. */
  readonly paramMap?: object;
}

export class ItkdbFault extends Error {
  override readonly name: string = 'ItkdbFault';
  readonly status: number;
  readonly key: string;
  readonly paramMap: object;

  constructor(status: number, key: string, { message, paramMap = {} }: Details) {
    super(message);
    this.status = status;
    this.key = key;
    this.paramMap = paramMap;
  }
}

/** The normal answer, or the envelope of the fault that came up while it was made, dated `now`. */
export function answerOrEnvelope(normal: () => Answer, now: number): Answer {
  try {
    return normal();
  } catch (error) {
    if (error instanceof ItkdbFault) {
      return envelope(error, now);
    }
    throw error;
  }
}

/** The input of a command that lacks members, or has some of the wrong shape. */
export function invalidDtoIn(app: string, paramMap: object): ItkdbFault {
  return new ItkdbFault(400, `${app}/invalidDtoIn`, { message: 'DtoIn is not valid.', paramMap });
}

/** What a missing member is reported with, as recorded. */
export const isRequired = { 'isRequired.e001': 'The value is required but missing.' } as const;

/** What a member of the wrong shape is reported with, as recorded. */
export const isInvalid = { 'shape.e002': 'The content of shape must be valid.' } as const;

function envelope({ status, key, message, paramMap }: ItkdbFault, now: number): Answer {
  const id = randomBytes(16).toString('hex');
  const timestamp = new Date(now).toISOString();
  const error = { id, timestamp, type: 'error', message, paramMap, trace: itkdbTrace };
  return { status, json: { uuAppErrorMap: { [key]: error } } };
}
