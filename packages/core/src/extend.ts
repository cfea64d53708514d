// What the author of a token source, a store or a sibling package works with: @axios-authorizer/core/extend. An application
// needs none of it. It shares every class with the main entry: see scripts/build-package.mjs.
export { expiresInSeconds, requestToken } from './oauth2/token-endpoint.js';
export type { RequestTokenOptions } from './oauth2/token-endpoint.js';
export { sendForm } from './oauth2/http.js';
export type { EndpointAnswer, EndpointRequest } from './oauth2/http.js';
export { endpointError } from './oauth2/endpoint-error.js';
export { parameterPairs, setParameters } from './oauth2/form-parameters.js';
export { pkceChallenge, randomText } from './oauth2/sign-in/pkce.js';

export { assertionClaims } from './oauth2/client-auth/assertion.js';
export type { AssertionContents } from './oauth2/client-auth/assertion.js';
export { ClockOffset } from './oauth2/client-auth/clock-offset.js';
export type { ClockOffsetOptions, FailedSending } from './oauth2/client-auth/clock-offset.js';
export { isOutdated } from './oauth2/discovery/known-server.js';

export { JwksCache } from './oauth2/jwks-cache.js';
export type { JwksCacheOptions } from './oauth2/jwks-cache.js';
export { isSecureUrl } from './request/allow-list.js';

export { bearerChallenge, parseChallenges } from './token/challenge.js';
export { jwtClaims, jwtExpiry } from './token/jwt.js';
export { readToken } from './token/reading.js';
export { assertNoControls, assertOneLine, readSecret } from './token/credential-text.js';
export { withoutSecrets as redact } from './token/secrets.js';
export { oneLine } from './internal/one-line.js';
export { quietly } from './token/observer.js';
export { systemClock } from './internal/clock.js';

// The options of a factory: their names, their shapes, the client among them.
export { checkOptions, pickOptions } from './token/options-check.js';
export type { OptionKind, OptionTable } from './token/options-check.js';
export { CLIENT_OPTIONS, clientInfoOf } from './token/client-info.js';
export { AUTHORIZER_OPTIONS } from './lifecycle/options.js';
export { ATTACH_OPTIONS } from './axios/attach.js';

// Keeps answers apart by who asked.
export { sessionOf } from './axios/context/retried-session.js';

// Reads what servers answer without trusting it.
export { omitUndefined, isObject, recordOf, ownOptions, parseObject, asString } from './internal/records.js';
