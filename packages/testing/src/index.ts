// For tests of programs that use axios-authorizer; the public face of @axios-authorizer/testing.
export { fakeAuthorizer } from './fake-authorizer.js';
export type { FakeAuthorizer, FakeAuthorizerOptions } from './fake-authorizer.js';
export { startTokenEndpoint } from './token-endpoint/token-endpoint.js';
export type { TokenEndpoint, TokenEndpointOptions } from './token-endpoint/token-endpoint.js';
export type { TokenCall } from './token-endpoint/desk.js';
export { startApi } from './api/api.js';
export type { Api, ApiOptions } from './api/api.js';
export type { ApiCall, TokenJudge } from './api/desk.js';
export type { Answer } from './server/answer.js';
export type { FailNextOptions } from './server/failures.js';
export type { HeldRequest } from './server/held.js';
export { manualClock } from './manual-clock.js';
export type { ManualClock } from './manual-clock.js';
export { assertNoSecrets, SecretLeakError } from './secrets/assert-no-secrets.js';
export type { AssertNoSecretsOptions } from './secrets/assert-no-secrets.js';
export type { Finding } from './secrets/renderings.js';
