// The names that Bitfount's module had before it was renamed.
import { RefreshableJWTHandler } from './refreshable-jwt.js';
import { RefreshableJWTSession } from './refreshable-jwt-session.js';
import type { RefreshableJWT } from './refreshable-jwt.js';

/** @deprecated Use `RefreshableJWT`. */
export type ExternallyManagedJWT = RefreshableJWT;

/**
 * @deprecated Use `RefreshableJWTHandler`.
 *
 * @example
 * ```ts
 * const handler = new GenericExternallyManagedJWTHandler({ getToken: async () => ['a.b.c', undefined] });
 * ```
 */
export const GenericExternallyManagedJWTHandler: typeof RefreshableJWTHandler = RefreshableJWTHandler;
/** @deprecated Use `RefreshableJWTHandler`. */
export type GenericExternallyManagedJWTHandler = RefreshableJWTHandler;

/**
 * @deprecated Use `RefreshableJWTSession`.
 *
 * @example
 * ```ts
 * const handler = new GenericExternallyManagedJWTHandler({ getToken: async () => ['a.b.c', undefined] });
 * const session = new ExternallyManagedJWTSession(handler, { baseURL: 'https://api.example.org' });
 * ```
 */
export const ExternallyManagedJWTSession: typeof RefreshableJWTSession = RefreshableJWTSession;
/** @deprecated Use `RefreshableJWTSession`. */
export type ExternallyManagedJWTSession = RefreshableJWTSession;
