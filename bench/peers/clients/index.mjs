// Everybody who takes part, in the order of the tables. To add one, write its adapter and list it here.

import { cognitoIdentity } from './amazon-cognito-identity-js.mjs';
import { awsJwtVerify } from './aws-jwt-verify.mjs';
import { axiosAuthRefresh, axiosAuthRefreshShared } from './axios-auth-refresh.mjs';
import { axiosAuthRefreshQueue, axiosAuthRefreshQueueChecked } from './axios-auth-refresh-queue.mjs';
import { axiosJwt } from './axios-jwt.mjs';
import { axiosTokenInterceptor } from './axios-token-interceptor.mjs';
import { azure } from './azure-core-rest-pipeline.mjs';
import { badgateway } from './badgateway-oauth2-client.mjs';
import { google, googleTuned } from './google-auth-library.mjs';
import { openidClient } from './openid-client.mjs';
import { oursCognito } from './ours-cognito.mjs';
import { oursVerify } from './ours-verify.mjs';
import { ours } from './ours.mjs';

/**
 * A client is { name, packageName, used, bundle, open(world), … }: `used` says how; `bundle` is a user's program; `open` returns
 * { send({ url?, method?, body? }), close? }, where `send` answers { status } or throws. `isOurs`; `retries401`: it looks at the
 * API's answers; `opensPool`: it signs in to Cognito; `isVerifier`: it verifies tokens and has `openVerifier` in place of `open`;
 * `challenge`: the WWW-Authenticate that it acts on; `bare(world)`: the same client with a fixed header.
 */
export const clients = [
  ours,
  axiosAuthRefresh,
  axiosAuthRefreshShared,
  axiosAuthRefreshQueue,
  axiosAuthRefreshQueueChecked,
  axiosTokenInterceptor,
  axiosJwt,
  google,
  googleTuned,
  azure,
  badgateway,
  openidClient,
  oursCognito,
  cognitoIdentity,
  oursVerify,
  awsJwtVerify,
];
