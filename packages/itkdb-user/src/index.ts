// The public face of @axios-authorizer/itkdb-user.
export { Session } from './session/session.js';
export type { SessionOptions } from './session/session.js';
export { User } from './user.js';
export type { UserLike } from './user.js';
export type { UserOptions } from './user-options.js';
export { UserBearer } from './login/user-bearer.js';
export { createItkdbClient, itkdbInterceptors, itkdbService } from './itkdb-client.js';
export type { ItkdbOptions } from './itkdb-client.js';
export { paginate } from './session/paginate.js';
export type { Listing, PageProgress, PaginateOptions } from './session/paginate.js';
export { download } from './session/download.js';
export type { DownloadedFile, DownloadRequest } from './session/download.js';
export type { CacheFolder, CacheOptions, CacheSetting, ExpiresAfter } from './cache/cache-options.js';
export type { PageInfo } from './session/listing.js';
export { settings } from './settings.js';
export type { Settings } from './settings.js';

export * as exceptions from './session/exceptions.js';
export { isResponseException, ITkDBException, ResponseException } from './session/exceptions.js';
export { SUCCESS_STATUSES, STATUS_EXCEPTIONS } from './session/status-exceptions.js';
export type { ResponseExceptionClass } from './session/status-exceptions.js';
export { AuthenticationError, ConfigurationError, isAuthenticationError } from '@axios-authorizer/core';
export { LoginError } from './login/login-error.js';
export type { LoginErrorOptions } from './login/login-error.js';
export { describeErrors, errorMapOf, warningsIn } from './session/error-map.js';
export type { UuAppErrorMap, UuAppMessage } from './session/error-map.js';
export type { ItkToken } from './login/itk-token.js';
