// A strict server is a list of demands. Written as assertions they read as one, and each leaves with its own reason.

type OAuthError = 'invalid_client' | 'invalid_request' | 'invalid_scope' | 'unsupported_grant_type';

/** An answer of the token endpoint as RFC 6749, 5.2 wants it. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';
  readonly error: OAuthError;
  readonly status: number;

  constructor(error: OAuthError, description: string, status: number = error === 'invalid_client' ? 401 : 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
}

/** Throws a 401 invalid_client unless `condition` holds. */
export function demandClient(condition: boolean, description: string): asserts condition {
  if (!condition) {
    throw new Refusal('invalid_client', description);
  }
}

/** Throws a 400 invalid_request unless `condition` holds. */
export function demandRequest(condition: boolean, description: string): asserts condition {
  if (!condition) {
    throw new Refusal('invalid_request', description);
  }
}
