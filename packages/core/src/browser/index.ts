// What of core runs in pages and their workers only: @axios-authorizer/core/browser.
export { webTokenStore } from './web-token-store.js';
export type { WebTokenStoreOptions } from './web-token-store.js';
