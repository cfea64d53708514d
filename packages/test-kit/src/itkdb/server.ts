// The login service of the ITk's production database and the database itself, each on a loopback port of its own, shaped
// by what was recorded of the real ones: errors that are 500 where 401 is meant, GETs with bodies, warnings in successes.

import { bearerOf, startLoopback } from '@axios-authorizer/testing/extend';
import { ItkdbApi } from './api/api.js';
import { itkdbContext } from './context.js';
import { ItkdbKeepAlive } from './keep-alive.js';
import { ItkdbLoginDesk } from './login-desk.js';
import type { Answer, LoopbackHandler, LoopbackServer, Received } from '@axios-authorizer/testing/extend';
import type { Itkdb, ItkdbApiRecord, ItkdbOptions, ItkdbTokenOptions } from './options.js';
import type { ItkdbContext } from './context.js';
import type { ServerResponse } from 'node:http';

interface Parts {
  readonly context: ItkdbContext;
  readonly desk: ItkdbLoginDesk;
  readonly api: ItkdbApi;
}

type Serve = (request: Received, response: ServerResponse) => Promise<void>;

/** Starts both servers with their users; in all they listen on two ports of 127.0.0.1. */
export async function startItkdb(options: ItkdbOptions = {}): Promise<Itkdb> {
  const { clock = Date, keepAliveMs } = options;
  const behindApache = (serve: Serve): LoopbackHandler => {
    const keepAlive = new ItkdbKeepAlive(keepAliveMs);
    return async (request, response, raw) => {
      keepAlive.stamp(raw, response);
      response.sendDate = false;
      response.setHeader('date', new Date(clock.now()).toUTCString());
      await serve(request, response);
    };
  };
  const login = await startLoopback(
    behindApache((...ask) => desk.serve(...ask)),
    options,
  );
  const database = await startLoopback(
    behindApache((...ask) => api.serve(...ask)),
    options,
  );
  const context = itkdbContext({ login: login.origin, api: database.origin }, options);
  const desk = new ItkdbLoginDesk(context);
  const api = new ItkdbApi(context);
  return new RunningItkdb({ context, desk, api }, { login, api: recorded(database, api) });
}

class RunningItkdb implements Itkdb {
  readonly authUrl: string;
  readonly apiUrl: string;
  readonly issuer: string;
  readonly login: LoopbackServer;
  readonly api: ItkdbApiRecord;
  readonly #parts: Parts;

  constructor(parts: Parts, { login, api }: Pick<Itkdb, 'login' | 'api'>) {
    this.#parts = parts;
    this.login = login;
    this.api = api;
    this.issuer = parts.context.issuer;
    this.authUrl = `${this.issuer}/`;
    this.apiUrl = `${api.origin}${parts.context.apiPath}`;
  }

  get logins(): number {
    return this.#parts.desk.logins;
  }

  get refusedLogins(): number {
    return this.#parts.desk.refusedLogins;
  }

  get keyReads(): number {
    return this.#parts.desk.keyReads;
  }

  get things(): readonly unknown[] {
    return this.#parts.api.commands.things;
  }

  rotateKeys(): void {
    this.#parts.context.keys.rotate();
  }

  dropOldKeys(): void {
    this.#parts.context.keys.dropOld();
  }

  revokeAll(): void {
    this.#parts.context.mint.revokeAll();
  }

  valid(bearer: string): boolean {
    return this.#parts.context.mint.verdict(bearer) === 'good';
  }

  tokenWith(claims: object, options: ItkdbTokenOptions = {}): string {
    const { mint, users } = this.#parts.context;
    const [first] = users;
    if (first === undefined) {
      throw new Error('A token is that of the first user, and there is none');
    }
    return mint.idToken(first, claims, options);
  }

  nextLogin(...answers: (Answer | undefined)[]): void {
    this.#parts.desk.answers.next(answers);
  }

  nextKeys(...answers: (Answer | undefined)[]): void {
    this.#parts.desk.keyAnswers.next(answers);
  }

  nextApi(...answers: (Answer | undefined)[]): void {
    this.#parts.api.answers.next(answers);
  }

  setWarning(command: string, errorMap: unknown): void {
    this.#parts.api.commands.warnings.set(command, errorMap);
  }

  touch(code: string): void {
    this.#parts.api.commands.inventory.touch(code);
  }

  async stop(): Promise<void> {
    await Promise.all([this.login.stop(), this.api.stop()]);
  }
}

function recorded(server: LoopbackServer, api: ItkdbApi): ItkdbApiRecord {
  const { requests } = server;
  return {
    ...server,
    bearers: () => requests.map(bearerOf),
    cookies: () => requests.map(({ headers }) => headers.cookie),
    count: (command) => requests.filter((request) => api.segments(request)?.[0] === command).length,
  };
}
