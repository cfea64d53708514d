// How a client means to authenticate and what it asks with, against what the server says it takes. What a server does not say is no
// finding: many say little.
import type { ServerMetadata } from '@axios-authorizer/core';
import type { SmartBackendKeys } from '@axios-authorizer/smart-backend';
import { recordOf } from '@axios-authorizer/core/extend';
import { failure, ok, warning } from '../check.js';
import type { Finding } from '../check.js';

export type Method = 'basic' | 'post' | 'none' | 'private_key_jwt';
export type Grant = 'client_credentials' | 'password' | 'refresh_token' | 'authorization_code' | 'device_code';

/** As they are registered (RFC 7591 section 2). */
export const METHOD_NAMES: Readonly<Record<Method, string>> = {
  basic: 'client_secret_basic',
  post: 'client_secret_post',
  none: 'none',
  private_key_jwt: 'private_key_jwt',
};

export interface MethodsQuestion {
  readonly method: Method;
  readonly grant: Grant;
  readonly keys: readonly SmartBackendKeys[];
  /** Undefined when the server was not asked. */
  readonly metadata: ServerMetadata | undefined;
}

export function methodsFinding({ method, grant, keys, metadata }: MethodsQuestion): Finding {
  const name = METHOD_NAMES[method];
  if (metadata === undefined) return ok(`${name}; the server was not asked`);
  const { tokenEndpointAuthMethods: methods, tokenEndpointAuthSigningAlgs: algorithms, grantTypes } = metadata;
  if (methods !== undefined && !methods.includes(name))
    return warning(
      `the server takes ${methods.join(', ')}; this client uses ${name}`,
      'set clientAuthentication to one that the server takes, and have the client registered for it',
    );
  const [signing] = keys;
  if (signing !== undefined && algorithms !== undefined && !keys.some(({ alg }) => algorithms.includes(alg)))
    return failure(
      'configuration',
      `the server takes ${algorithms.join(', ')}; the keys are for ${signing.alg}`,
      'make a key of another kind (axios-authorizer keys generate) and register it',
    );
  const type = grant === 'device_code' ? 'urn:ietf:params:oauth:grant-type:device_code' : grant;
  if (grantTypes !== undefined && !grantTypes.includes(type))
    return warning(
      `the server lists the grants ${grantTypes.join(', ')}, and not ${type}`,
      'it may grant it all the same; if not, another way to log in is needed',
    );
  return ok(`${name}, ${type}`);
}

/** A client that signs has no secret to compare; undefined for every other refusal. */
export function assertionAdvice(error: unknown, method: Method, key: SmartBackendKeys | undefined): string | undefined {
  if (method !== 'private_key_jwt' || recordOf(error)['error'] !== 'invalid_client') return undefined;
  const { kid = '', alg = '' } = key ?? {};
  return `the server does not take what this client signs. Check in this order: clientId; that the public key with the kid ${kid} is registered (axios-authorizer keys jwks), for ${alg}; this machine's clock; the \`aud\` of assertions, for which some servers want their issuer`;
}
