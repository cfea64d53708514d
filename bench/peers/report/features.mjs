// What each library has, by its documentation and its sources. A row is a feature; the marks are in the order of LIBRARIES.

import { table } from './words.mjs';

const LIBRARIES = [
  '**ours**',
  'axios-auth-refresh',
  'axios-auth-refresh-queue',
  'axios-token-interceptor',
  'axios-jwt',
  'google-auth-library',
  '@azure/core-rest-pipeline',
  '@badgateway/oauth2-client',
  'openid-client',
  'amazon-cognito-identity-js',
  'aws-jwt-verify',
];

/** y yes, p in part, n no, - does not apply. */
const FEATURES = {
  'works on axios': 'y y y y y n n n n n -',
  'asks the token endpoint itself': 'y n n n n y n y y y -',
  'refreshes before expiry': 'y n n n y y y p n n -',
  'refreshes in the background': 'y n n n n n y p n n -',
  'one refresh for all callers': 'y y y y y y y y n n -',
  'a late 401 costs no refresh': 'y n p n n n n n n n -',
  'one retry after a 401': 'y y p n n p p y n n -',
  'reads WWW-Authenticate': 'y n n n n n y n y n -',
  'allow list of URLs': 'y n n n n n p n n n -',
  'an API key stays at home in a redirect': 'y n n n n n y n n n -',
  'a caller that aborts stops nobody else': 'y p n n n n n n y n -',
  'token kept between runs': 'y n p n y p n y n y -',
  'one refresh for several processes or tabs': 'y n p n n n n n n n -',
  'survives rotation of refresh tokens': 'y n p - y p - p y n -',
  'clock of the server': 'y n n n n n n n y y p',
  'retries the token endpoint, Retry-After': 'y n n n n p y n n p p',
  'cool-down when the token endpoint is down': 'y n n n n n n n n n y',
  'events or OpenTelemetry': 'y n p n n p y p n n -',
  'secrets redacted in errors': 'y n n n n p y p - n -',
  'types, ESM and CommonJS': 'y y y p p y y p p y y',
  'browsers and Node': 'y y y y p p y y y p y',
  'helpers for your own tests': 'y n n n n n y n p n y',
  'proof of possession (DPoP)': 'y n n n n n n n y n -',
  'verifies tokens of a user pool': 'y n n n n n n n n n y',
};
const MARKS = { y: '✓', p: '~', n: '✗', '-': '–' };

export function featureTable() {
  const rows = Object.entries(FEATURES).map(([name, marks]) => {
    const cells = marks.split(' ').map((mark) => MARKS[mark]);
    if (cells.length !== LIBRARIES.length) throw new Error(`${name}: a mark for each library, please`);
    return [name, ...cells];
  });
  return table(['feature', ...LIBRARIES], rows);
}
