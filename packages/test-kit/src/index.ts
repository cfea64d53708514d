// The one entrance to the kit: servers, clock and probes that tests, examples, benchmarks and the demonstration share.

export * from './browser-process.js';
export * from './cognito-api.js';
export { cognitoError } from './cognito-error.js';
export * from './cognito-options.js';
export * from './cognito-pool.js';
export * from './chromium.js';
export * from './consumer.js';
export * from './gate.js';
export * from './key-pairs.js';
export { itkdbImage, itkdbText } from './itkdb-files.js';
export { itkdbTrace } from './itkdb-fault.js';
export * from './itkdb-options.js';
export * from './itkdb-server.js';
export * from './loopback.js';
export * from './manual-clock.js';
export * from './oidc-provider.js';
export * from './programs.js';
export * from './redis-cluster.js';
export * from './redis-server.js';
export * from './resource-server.js';
export * from './secrets.js';
export * from './smart-options.js';
export * from './smart-server.js';
export * from './token-endpoint.js';
export * from './until.js';
export type { Answer } from './answer.js';
export type { LedgerOptions } from './token-ledger.js';
