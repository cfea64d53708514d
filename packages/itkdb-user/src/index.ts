// The public face of @axios-authorizer/itkdb-user.
export { Session } from './session.js';
export type { SessionOptions } from './session.js';
export { User } from './user.js';
export type { UserLike } from './user.js';
export type { UserOptions } from './user-options.js';
export { UserBearer } from './user-bearer.js';
export { createItkdbClient, itkdbInterceptors, itkdbService } from './itkdb-client.js';
export type { ItkdbOptions } from './itkdb-client.js';
export { paginate } from './paginate.js';
export type { PageProgress, PaginateOptions } from './paginate.js';
export type { ExpiresAfter } from './http-cache.js';
export { settings } from './settings.js';
export type { Settings } from './settings.js';

export * as exceptions from './exceptions.js';
export { isResponseException, ITkDBException, ResponseException } from './exceptions.js';
export { SUCCESS_STATUSES, STATUS_EXCEPTIONS } from './status-exceptions.js';
export type { ResponseExceptionClass } from './status-exceptions.js';
export { LoginError } from './login-error.js';
export { describeErrors, errorMapOf, warningsIn } from './error-map.js';
export type { UuAppErrorMap, UuAppMessage } from './error-map.js';
export type { ItkToken } from './itk-token.js';
