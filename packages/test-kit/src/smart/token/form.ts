// The token request itself, before anyone asks who sent it: SMART App Launch 2.2, backend services, "obtain access
// token", over RFC 6749, 3.2 and RFC 7521, 4.2. What a forgiving server would overlook is refused here.

import { demandRequest, Refusal } from './refusal.js';
import type { Received } from '@axios-authorizer/testing/extend';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const formType = 'application/x-www-form-urlencoded';

export interface TokenForm {
  readonly clientAssertion: string;
  readonly scope: string;
}

/** The parameters of a proper request; throws a Refusal for any other. */
export function readTokenForm(request: Received, params: URLSearchParams): TokenForm {
  checkTransport(request);
  checkOnce(params);
  checkGrantType(params);
  checkOnlyAssertion(request, params);
  const type = valueOf(params, 'client_assertion_type');
  demandRequest(type === assertionType, `client_assertion_type must be ${assertionType}`);
  return { clientAssertion: valueOf(params, 'client_assertion'), scope: valueOf(params, 'scope') };
}

function checkTransport({ method, url, headers }: Received): void {
  if (method !== 'POST') {
    throw new Refusal('invalid_request', 'The token endpoint takes POST only', 405);
  }
  demandRequest(!url.includes('?'), 'Parameters belong into the body, not into the URL');
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  demandRequest(type.trim().toLowerCase() === formType, `The content type must be ${formType}`);
}

/** May be said several times (RFC 8707 section 2). */
const REPEATABLE = 'resource';

function checkOnce(params: URLSearchParams): void {
  const names = [...params.keys()].filter((name) => name !== REPEATABLE);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  demandRequest(twice === undefined, `The parameter ${twice} appears more than once`);
}

function checkGrantType(params: URLSearchParams): void {
  const grantType = valueOf(params, 'grant_type');
  if (grantType !== 'client_credentials') {
    throw new Refusal('unsupported_grant_type', `Only client_credentials is granted here, not ${grantType}`);
  }
}

/** RFC 6749, 2.3: one method of authentication per request. */
function checkOnlyAssertion({ headers }: Received, params: URLSearchParams): void {
  demandRequest(headers.authorization === undefined, 'An Authorization header does not belong to private_key_jwt');
  demandRequest(!params.has('client_secret'), 'A client_secret does not belong to private_key_jwt');
  demandRequest(!params.has('client_id'), 'client_id is no parameter of this request, the assertion names the client');
}

/** RFC 6749, 3.1: a parameter without a value counts as omitted. */
function valueOf(params: URLSearchParams, name: string): string {
  const value = params.get(name) ?? '';
  demandRequest(value !== '', `The parameter ${name} is missing`);
  return value;
}
