// The pool's rules are written as demands; what they refuse travels as an exception to the one place that answers.

/** Which Session or SECRET_BLOCK survives is decided where it is thrown, not here. */
export class CognitoFault extends Error {
  override readonly name: string = 'CognitoFault';
  /** Such as NotAuthorizedException. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Throws the exception of that name unless `condition` holds. */
export function demand(condition: boolean, type: string, message: string): asserts condition {
  if (!condition) {
    throw new CognitoFault(type, message);
  }
}

/** NotAuthorizedException is most of what a pool answers. */
export function demandAuthorized(condition: boolean, message: string): asserts condition {
  demand(condition, 'NotAuthorizedException', message);
}

export const incorrect = 'Incorrect username or password.';

/** What every wrong password, signature, SECRET_BLOCK or day in the timestamp leads to. */
export function incorrectPassword(): CognitoFault {
  return new CognitoFault('NotAuthorizedException', incorrect);
}

/** What amazon-cognito-identity-js drops its device for. */
export function unknownDevice(): CognitoFault {
  return new CognitoFault('ResourceNotFoundException', 'Device does not exist.');
}
