// What of cognito runs on Node only, besides verification: @axios-authorizer/cognito/node.
export { fileDeviceStore } from './file-device-store.js';
export type { FileDeviceStoreOptions } from './file-device-store.js';
