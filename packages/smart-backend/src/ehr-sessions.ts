// Bitfount's words for a FHIR client: one session type over SMART Backend Services or a JWT that somebody else renews.
import { ConfigurationError, RefreshableJWTHandler, RefreshableJWTSession } from '@axios-authorizer/core';
import { omitUndefined, ownOptions } from '@axios-authorizer/core/extend';
import type { RefreshableJWT, RefreshableJWTHandlerOptions, SessionConfig } from '@axios-authorizer/core';
import { networkOf } from './network.js';
import type { SMARTBackendAuth } from './smart-backend-auth.js';

/** The options of a `RefreshableJWTHandler` without where its tokens come from: store, observer, limits. */
export type HandlerOptions = Omit<RefreshableJWTHandlerOptions, keyof RefreshableJWT>;

/**
 * A handler whose tokens SMART Backend Services hands out. @throws ConfigurationError when an option cannot work
 *
 * @example
 * ```ts
 * const auth = new SMARTBackendAuth({
 *   baseUrl: 'https://ehr.example.org/fhir',
 *   clientId,
 *   keys: await loadKeys('keys'),
 *   scope: 'system/Patient.rs',
 * });
 * const handler = smartBackendHandlerFromAuth(auth);
 * const jwt = await handler.getValidToken();
 * ```
 */
export function smartBackendHandlerFromAuth(
  smartBackendAuth: SMARTBackendAuth,
  options: HandlerOptions = {},
): RefreshableJWTHandler {
  if (!isSmart(smartBackendAuth)) throw new ConfigurationError('smartBackendHandlerFromAuth needs a SMARTBackendAuth');
  return new RefreshableJWTHandler({
    ...options,
    clock: options?.clock ?? smartBackendAuth.clock,
    getToken: async (request) => {
      const { accessToken, expiresAt } = await smartBackendAuth.authorize(request);
      return [accessToken, expiresAt];
    },
  });
}

/**
 * The options of {@link buildEhrJwtSession}: where the tokens come from, and those of a session (`baseURL`, `allow` …).
 */
export interface EhrSessionOptions extends SessionConfig {
  /** Where the tokens come from. */
  readonly ehrSecrets: SMARTBackendAuth | RefreshableJWT;
  /** Options of the handler: store, observer, limits. Default: none. */
  readonly handler?: HandlerOptions | undefined;
}

/**
 * A session, which is an axios instance, over either kind of secrets.
 * @param options an axios config besides; `baseURL` is the FHIR base of a SMARTBackendAuth unless given
 * @throws ConfigurationError when it is not said where the token may go
 *
 * @example
 * ```ts
 * const auth = new SMARTBackendAuth({
 *   baseUrl: 'https://ehr.example.org/fhir',
 *   clientId,
 *   keys: await loadKeys('keys'),
 *   scope: 'system/Patient.rs',
 * });
 * const session = buildEhrJwtSession({ ehrSecrets: auth, baseURL: auth.baseUrl });
 * ```
 */
export function buildEhrJwtSession(options: EhrSessionOptions): RefreshableJWTSession {
  const { ehrSecrets, handler = {}, ...config } = ownOptions(options);
  if (isSmart(ehrSecrets))
    return new RefreshableJWTSession(smartBackendHandlerFromAuth(ehrSecrets, handler), {
      ...networkOf(ehrSecrets.transport),
      ...config,
      baseURL: config.baseURL ?? ehrSecrets.baseUrl,
    });
  if (typeof ehrSecrets?.getToken !== 'function')
    throw new ConfigurationError('`ehrSecrets` must be a SMARTBackendAuth, or { getToken, jwt?, expires? }');
  return new RefreshableJWTSession(
    new RefreshableJWTHandler({
      ...handler,
      ...omitUndefined({ jwt: ehrSecrets.jwt, expires: ehrSecrets.expires }),
      getToken: (request) => ehrSecrets.getToken(request),
    }),
    config,
  );
}

function isSmart(secrets: SMARTBackendAuth | RefreshableJWT): secrets is SMARTBackendAuth {
  return typeof secrets === 'object' && secrets !== null && 'authorize' in secrets;
}
