// grantToken and listKeys, with their manners: JSON in place of RFC 6749's form, and a server's error where a refusal
// belongs.

import { randomBytes } from 'node:crypto';
import { reply, script } from '@axios-authorizer/testing/extend';
import { answerOrEnvelope, invalidDtoIn, isInvalid, isRequired, ItkdbFault } from './fault.js';
import { readDtoIn } from './api/dto-in.js';
import type { Answer, Received, Script } from '@axios-authorizer/testing/extend';
import type { DtoIn } from './api/dto-in.js';
import type { ItkdbContext } from './context.js';
import type { ItkdbUser } from './options.js';
import type { ServerResponse } from 'node:http';

const app = 'uu-oidc-main/grantToken';
const members = ['grant_type', 'accessCode1', 'accessCode2', 'scope'] as const;

export class ItkdbLoginDesk {
  logins = 0;
  refusedLogins = 0;
  keyReads = 0;
  readonly answers: Script<readonly []> = script<readonly []>();
  readonly keyAnswers: Script<readonly []> = script<readonly []>();
  readonly #context: ItkdbContext;

  constructor(context: ItkdbContext) {
    this.#context = context;
  }

  async serve(request: Received, response: ServerResponse): Promise<void> {
    const { oidcPath, now } = this.#context;
    const { pathname } = new URL(request.url, this.#context.origins.login);
    if (request.method === 'POST' && pathname === `${oidcPath}/grantToken`) {
      await reply(response, this.answers.take() ?? {}, () => this.#grant(request));
    } else if (request.method === 'GET' && pathname === `${oidcPath}/listKeys`) {
      this.keyReads += 1;
      await reply(response, this.keyAnswers.take() ?? {}, () => ({ json: this.#context.keys.jwks() }));
    } else {
      await reply(response, {}, () => answerOrEnvelope(() => elsewhere(request, pathname), now()));
    }
  }

  #grant(request: Received): Answer {
    const answer = answerOrEnvelope(() => this.#granted(this.#userOf(request)), this.#context.now());
    if (answer.status === undefined) {
      this.logins += 1;
    } else {
      this.refusedLogins += 1;
    }
    return { ...answer, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } };
  }

  #userOf(request: Received): ItkdbUser {
    const dtoIn = readLogin(request);
    const { accessCode1, accessCode2 } = dtoIn;
    if (accessCode1 === '' || accessCode2 === '') {
      throw new ItkdbFault(500, 'uu-app-server/internalServerError', { message: 'Unexpected error' });
    }
    const { users, options } = this.#context;
    const found = users.find((user) => user.accessCode1 === accessCode1 && user.accessCode2 === accessCode2);
    if (found === undefined) {
      const { wrongCodesKey = 'uu-oidc-main/notAuthenticated' } = options;
      throw new ItkdbFault(401, wrongCodesKey, { message: 'Identity is not authenticated.' });
    }
    return found;
  }

  #granted(user: ItkdbUser): Answer {
    if (user.needsBrowser === true) {
      throw new ItkdbFault(500, `${app}/unsupportedCredentials `, { message: 'acr' });
    }
    const { mint, tokenSeconds } = this.#context;
    const access_token = randomBytes(24).toString('hex');
    return { json: { access_token, id_token: mint.idToken(user), expires_in: tokenSeconds, token_type: 'Bearer' } };
  }
}

/** The input of a login. @throws ItkdbFault 400 when it is not as the service wants it */
function readLogin(request: Received): DtoIn {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw invalidDtoIn(app, { missingKeyMap: report(members, isRequired) });
  }
  const dtoIn = readDtoIn(request, app);
  const missing = members.filter((name) => dtoIn[name] === undefined);
  const invalid = members.filter((name) => !missing.includes(name) && !isValid(name, dtoIn[name]));
  if (missing.length + invalid.length > 0) {
    throw invalidDtoIn(app, {
      missingKeyMap: report(missing, isRequired),
      invalidValueKeyMap: report(invalid, isInvalid),
    });
  }
  return dtoIn;
}

function isValid(name: (typeof members)[number], value: unknown): boolean {
  if (name === 'grant_type') {
    return value === 'password';
  }
  return typeof value === 'string' && (name !== 'scope' || value.split(' ').includes('openid'));
}

function report(names: readonly string[], what: object): object {
  return Object.fromEntries(names.map((name) => [`$.${name}`, what]));
}

/** Where the database redirects to, which tells whether credentials came along; nothing else is here. */
function elsewhere({ headers }: Received, pathname: string): Answer {
  if (pathname !== '/elsewhere') {
    throw new ItkdbFault(404, 'uu-app-server/useCaseDoesNotExist', { message: 'Use case does not exist.' });
  }
  return { json: { elsewhere: true, authorized: headers.authorization !== undefined } };
}
