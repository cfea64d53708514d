// A Cognito user pool on a loopback port, strict where the service is strict. It proves passwords by SRP for real and by
// mathematics of its own, so that a client's mistake cannot be on both sides.

import { cognitoContext } from './context.js';
import { PoolKeys } from './state/keys.js';
import { CognitoSite } from './site.js';
import { startLoopback } from '@axios-authorizer/testing/extend';
import type { Answer, LoopbackServer, Received } from '@axios-authorizer/testing/extend';
import type { CognitoContext } from './context.js';
import type { CognitoDevice, CognitoOperation, CognitoPool, CognitoPoolOptions } from './options.js';

/** Starts the pool with its clients and users. */
export async function startCognitoPool(options: CognitoPoolOptions = {}): Promise<CognitoPool> {
  const keys = PoolKeys.make();
  const server = await startLoopback((request, response) => site.serve(request, response));
  const context = cognitoContext(server.origin, options, keys);
  const site = new CognitoSite(context);
  return new RunningCognitoPool(server, context, site);
}

class RunningCognitoPool implements CognitoPool {
  readonly origin: string;
  readonly requests: Received[];
  readonly poolId: string;
  readonly endpoint: string;
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly #context: CognitoContext;
  readonly #site: CognitoSite;
  readonly #server: LoopbackServer;

  constructor(server: LoopbackServer, context: CognitoContext, site: CognitoSite) {
    ({ origin: this.origin, requests: this.requests } = server);
    ({ poolId: this.poolId, issuer: this.issuer } = context);
    this.endpoint = `${server.origin}/`;
    this.jwksUrl = `${context.issuer}/.well-known/jwks.json`;
    this.#context = context;
    this.#site = site;
    this.#server = server;
  }

  get operations(): readonly CognitoOperation[] {
    return this.#site.desk.operations;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  count(operation: string): number {
    return operation === 'jwks'
      ? this.#site.keySetReads
      : this.operations.filter(({ name }) => name === operation).length;
  }

  code(username: string): string {
    return this.#context.users.named(username).code;
  }

  next(operation: string, ...answers: (Answer | undefined)[]): void {
    this.#site.desk.next(operation, answers);
  }

  throttle(times: number): void {
    this.#site.desk.throttled = times;
  }

  revokeAll(): void {
    this.#context.refreshTokens.revoke(() => true);
  }

  revokeAccessTokens(): void {
    this.#context.mint.revokeAll();
  }

  disable(username: string): void {
    this.#context.users.named(username).disabled = true;
  }

  enable(username: string): void {
    this.#context.users.named(username).disabled = false;
  }

  rotateKeys(): void {
    this.#context.keys.rotate();
  }

  forgetDevice(deviceKey: string): void {
    this.#context.devices.forget(deviceKey);
  }

  dropSessions(): void {
    this.#context.sessions.drop();
  }

  setPassword(username: string, password: string): void {
    this.#context.users.named(username).setPassword(password);
  }

  valid(accessToken: string): boolean {
    return this.#context.mint.valid('access', accessToken);
  }

  validId(idToken: string): boolean {
    return this.#context.mint.valid('id', idToken);
  }

  devices(username: string): readonly CognitoDevice[] {
    const { users, devices } = this.#context;
    return devices
      .confirmed(users.named(username))
      .map(({ key, groupKey, remembered }) => ({ key, groupKey, remembered }));
  }
}
