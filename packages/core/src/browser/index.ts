// What of core runs in pages and their workers only: @axios-authorizer/core/browser.
export { webKeyStore } from './web-key-store.js';
export type { WebKeyStoreOptions } from './web-key-store.js';
export { webTokenStore } from './web-token-store.js';
export type { WebTokenStoreOptions } from './web-token-store.js';
