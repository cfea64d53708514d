// The database's front door: who is let in, and what its gateway puts on every answer, cookies above all.

import { bearerOf, reply, script } from '@axios-authorizer/testing/extend';
import { answerOrEnvelope, ItkdbFault } from '../fault.js';
import { ItkdbCommands } from './commands.js';
import { readDtoIn } from './dto-in.js';
import type { Answer, Received, Script } from '@axios-authorizer/testing/extend';
import type { ItkdbContext } from '../context.js';
import type { ServerResponse } from 'node:http';

/** As recorded. */
const cookies = ['uu.app.bpl=0; path=/', 'uu.app.cbu=https://uuapp.plus4u.net/ucl-itkpd-maing01/0; path=/'] as const;

export class ItkdbApi {
  readonly answers: Script<readonly []> = script<readonly []>();
  readonly commands: ItkdbCommands;
  readonly #context: ItkdbContext;

  constructor(context: ItkdbContext) {
    this.#context = context;
    this.commands = new ItkdbCommands(context);
  }

  async serve(request: Received, response: ServerResponse): Promise<void> {
    response.setHeader('set-cookie', cookies);
    const { now } = this.#context;
    await reply(response, this.answers.take() ?? {}, () => answerOrEnvelope(() => this.#answer(request), now()));
  }

  /** The segments of the path below the database, the first of them being the command; undefined beside it. */
  segments({ url }: Received): readonly string[] | undefined {
    const { origins, apiPath } = this.#context;
    const { pathname } = new URL(url, origins.api);
    return pathname.startsWith(apiPath) ? pathname.slice(apiPath.length).split('/') : undefined;
  }

  #answer(request: Received): Answer {
    const identity = this.#identityOf(request);
    const [command = '', ...others] = this.segments(request) ?? [''];
    this.#assertAllowed(command, identity);
    const app = `cern-itkpd-main/${command}`;
    const dtoIn = readDtoIn(request, app);
    return this.commands.answer({ request, command, rest: decodeURIComponent(others.join('/')), app, dtoIn, identity });
  }

  #identityOf(request: Received): unknown {
    const bearer = bearerOf(request);
    if (bearer === undefined) {
      const message = 'Invalid credentials.';
      throw new ItkdbFault(401, 'uu-appg01/authentication/invalidCredentials', { message });
    }
    const verdict = this.#context.mint.verdict(bearer);
    if (verdict === 'unreadable') {
      const message = 'Signature verification raised';
      throw new ItkdbFault(500, 'uu-app-server/internalServerError', { message });
    }
    if (verdict === 'ended') {
      const key = this.#context.options.trailingBlank === true ? 'uu-oidc/invalidToken ' : 'uu-oidc/invalidToken';
      throw new ItkdbFault(401, key, { message: 'Token is not valid.' });
    }
    return this.#context.mint.identityOf(bearer);
  }

  #assertAllowed(command: string, identity: unknown): void {
    const user = this.#context.users.find((known) => known.identity === identity);
    if (command === 'forbidden' || user?.forbidden?.includes(command) === true) {
      const message = 'User is not authorized for this command.';
      throw new ItkdbFault(403, 'uu-app-workspace/authorization/userIsNotAuthorized', { message });
    }
  }
}
