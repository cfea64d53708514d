// What the server says of itself, so that clients need only its issuer (RFC 8414, OpenID Connect Discovery).
import { PROOF_ALGS } from '../dpop/signed-proof.js';
import type { Answer } from '../server/answer.js';
import { GRANT_TYPES } from './ledger.js';

/** Where each thing is, below the issuer. */
export const PATHS = {
  token: '/token',
  introspection: '/introspect',
  revocation: '/revoke',
  authorization: '/authorize',
  deviceAuthorization: '/device_authorization',
  device: '/device',
  jwks: '/jwks',
  metadata: '/.well-known/oauth-authorization-server',
  openId: '/.well-known/openid-configuration',
} as const;

/** @param issuer without a path; `isPublic` says that the client has no secret */
export function metadata(
  issuer: string,
  { isPublic, dpop }: { readonly isPublic: boolean; readonly dpop: boolean },
): Answer {
  const methods = isPublic ? ['none'] : ['client_secret_basic', 'client_secret_post'];
  return {
    json: {
      issuer,
      authorization_endpoint: issuer + PATHS.authorization,
      token_endpoint: issuer + PATHS.token,
      introspection_endpoint: issuer + PATHS.introspection,
      revocation_endpoint: issuer + PATHS.revocation,
      device_authorization_endpoint: issuer + PATHS.deviceAuthorization,
      jwks_uri: issuer + PATHS.jwks,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: GRANT_TYPES,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_methods_supported: methods,
      authorization_response_iss_parameter_supported: true,
      ...(dpop && { dpop_signing_alg_values_supported: PROOF_ALGS }),
    },
  };
}
