// What a FHIR server says of itself before anyone is known to it: the SMART configuration and the CapabilityStatement.

import { resource } from './bulk/outcome.js';
import type { Answer } from '@axios-authorizer/testing/extend';
import type { SmartContext } from './context.js';

/** `.well-known/smart-configuration`, complete for backend services (SMART App Launch 2.2, conformance). */
export function smartConfiguration({ options, tokenUrl, introspectionUrl }: SmartContext): Answer {
  const { algorithms = ['RS384', 'ES384'], document = (complete) => complete } = options;
  const signing = algorithms === null ? {} : { token_endpoint_auth_signing_alg_values_supported: [...algorithms] };
  const complete = {
    token_endpoint: tokenUrl,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    ...signing,
    grant_types_supported: ['client_credentials'],
    scopes_supported: ['system/*.rs', 'system/*.read'],
    introspection_endpoint: introspectionUrl,
    code_challenge_methods_supported: ['S256'],
    capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
  };
  return { status: 200, json: document(complete) };
}

export function capabilityStatement({ baseUrl, now }: SmartContext): Answer {
  return resource({
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: new Date(now()).toISOString(),
    kind: 'instance',
    implementation: { description: 'A loopback server', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [{ mode: 'server', security: { service: [{ text: 'SMART-on-FHIR' }] } }],
  });
}
