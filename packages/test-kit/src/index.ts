// The one entrance to the kit: servers, clock and probes that tests, examples, benchmarks and the demonstration share.

export * from './processes/browser-process.js';
export * from './certificates.js';
export * from './cognito/api.js';
export { cognitoError } from './cognito/error.js';
export * from './cognito/options.js';
export * from './cognito/pool.js';
export { testPasskey } from './cognito/steps/passkey.js';
export type { PasskeyAssertion, TestPasskey } from './cognito/steps/passkey.js';
export * from './processes/chromium.js';
export * from './processes/consumer.js';
export * from './key-pairs.js';
export { itkdbImage, itkdbText } from './itkdb/api/files.js';
export { itkdbStrangeAnswers } from './itkdb/api/strange.js';
export { itkdbTrace } from './itkdb/fault.js';
export * from './itkdb/options.js';
export * from './itkdb/server.js';
export * from './oidc/provider.js';
export * from './processes/programs.js';
export * from './processes/small-disk.js';
export * from './redis/cluster.js';
export * from './redis/server.js';
export * from './api/resource-server.js';
export * from './smart/options.js';
export * from './smart/server.js';
export * from './token-endpoint/assertion-grants.js';
export * from './token-endpoint/server.js';
export * from './until.js';
export * from './untyped-calls.js';

// What the public package has as well.
export { gate, leaks, ManualClock, renderings, startLoopback } from '@axios-authorizer/testing/extend';
export type {
  Answer,
  Gate,
  LedgerOptions,
  LoopbackHandler,
  LoopbackOptions,
  LoopbackServer,
  Received,
} from '@axios-authorizer/testing/extend';
