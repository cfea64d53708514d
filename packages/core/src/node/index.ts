// What of core runs on Node only: @axios-authorizer/core/node.
export { fileTokenStore } from './file-token-store.js';
