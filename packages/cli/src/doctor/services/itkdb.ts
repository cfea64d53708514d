// What can be wrong between a person with two access codes and the ITk production database.
import { omitUndefined, parseObject, recordOf, sendForm } from '@axios-authorizer/core/extend';
import type { Transport } from '@axios-authorizer/core';
import { createItkdbClient, isResponseException, settings, User, warningsIn } from '@axios-authorizer/itkdb-user';
import type { UserOptions } from '@axios-authorizer/itkdb-user';
import { failure, ok, warning } from '../check.js';
import type { Check, CheckContext, Finding, Subject } from '../check.js';
import { networkChecks } from '../network/checks.js';
import type { Target } from '../network/target.js';
import { tokenChecks, TokenState } from '../token-checks.js';
import { configurationCheck } from './configuration-check.js';

/** A user of the database, as its service is described; what is missing is what the settings of itkdb say. */
export interface ItkdbSubjectOptions extends Partial<
  Pick<UserOptions, 'accessCode1' | 'accessCode2' | 'audience' | 'issuer' | 'jwtOptions'>
> {
  readonly authUrl?: string | undefined;
  /** Default: ITKDB_API_URL. */
  readonly apiUrl?: string | undefined;
  readonly allowInsecure?: boolean | undefined;
  readonly transport?: Transport | undefined;
  /** The command that is called, below `apiUrl`. Default: one institution is listed. */
  readonly call?: string | undefined;
}

export function itkdbSubject(options: ItkdbSubjectOptions): Subject {
  const visit = new ItkdbVisit(options);
  const { accessCode1 = '', accessCode2 = '' } = options;
  const codes = [accessCode1, accessCode2].filter((text) => text !== '');
  return {
    type: 'itkdb',
    clientId: undefined,
    checks: visit.checks(),
    secrets: () => [...visit.state.secrets, ...codes],
  };
}

class ItkdbVisit {
  readonly state = new TokenState();
  readonly #options: ItkdbSubjectOptions;
  readonly #authUrl: string;
  readonly #apiUrl: string;
  #user: User | undefined;

  constructor(options: ItkdbSubjectOptions) {
    const { authUrl = settings.ITKDB_AUTH_URL, apiUrl = settings.ITKDB_API_URL } = options;
    this.#options = options;
    this.#authUrl = authUrl.replace(/\/*$/, '/');
    this.#apiUrl = apiUrl.replace(/\/*$/, '/');
  }

  checks(): readonly Check[] {
    const { accessCode1 = settings.ITKDB_ACCESS_CODE1, accessCode2 = settings.ITKDB_ACCESS_CODE2 } = this.#options;
    const configuration = configurationCheck({
      needed: { accessCode1, accessCode2 },
      make: () => (this.#user = this.#newUser()),
      found: () => `two access codes for ${this.#authUrl}`,
    });
    const network = networkChecks({ ...this.#options, targets: () => this.#targets(), clockUrl: () => this.#keysUrl });
    const tokens = tokenChecks({
      state: this.state,
      needs: ['discovery'],
      who: 'this user',
      ask: (context) => this.#login(context),
      about: () => `as ${this.#user?.name ?? ''}`,
    });
    return [
      configuration,
      ...network,
      { id: 'discovery', title: 'Login service', needs: ['tls'], run: (context) => this.#service(context) },
      ...tokens,
      { id: 'call', title: 'A call', needs: ['token'], run: () => this.#call() },
    ];
  }

  get #keysUrl(): string {
    return `${this.#authUrl}listKeys`;
  }

  #targets(): readonly Target[] {
    return [
      { what: 'the login service', url: this.#authUrl },
      { what: 'the database', url: this.#apiUrl },
    ];
  }

  #newUser(): User {
    const { authUrl: _auth, apiUrl: _api, call: _call, ...given } = this.#options;
    return new User({ ...given, prefixUrl: this.#authUrl, maxRetries: 0 });
  }

  async #login({ signal }: CheckContext): ReturnType<User['authorizer']['getToken']> {
    const user = this.#user ?? this.#newUser();
    return user.authorizer.getToken({ signal });
  }

  /** Its public keys, without which no login can be verified. */
  async #service({ signal, clock }: CheckContext): Promise<Finding> {
    const { transport, allowInsecure } = this.#options;
    const answer = await sendForm({
      url: this.#keysUrl,
      headers: { Accept: '*/*' },
      transport,
      allowInsecure,
      signal,
      clock,
    });
    const { keys } = recordOf(parseObject(answer.text));
    const found = `${answer.endpoint} was answered with ${answer.status}`;
    if (answer.status >= 500)
      return failure(
        'unavailable',
        found,
        'the login service is away: try again later, or look at the status page of the database',
      );
    if (answer.status !== 200 || !Array.isArray(keys))
      return failure(
        'configuration',
        `${found}, without keys`,
        'that is not the login service: check authUrl (ITKDB_AUTH_URL)',
      );
    if (keys.length === 0)
      return failure(
        'unavailable',
        `${found}, and no key is in it`,
        'no login can be verified meanwhile: tell whoever runs the login service',
      );
    return ok(`the login service answers; ${keys.length} public keys`);
  }

  async #call(): Promise<Finding> {
    const { call: command = DEFAULT_COMMAND, allowInsecure } = this.#options;
    const user = this.#user ?? this.#newUser();
    const session = createItkdbClient({ user, apiUrl: this.#apiUrl, ...omitUndefined({ allowInsecure }) });
    const pageInfo = { pageIndex: 0, pageSize: 1 };
    try {
      const { data, status } = await session.get<unknown>(command, { data: { pageInfo }, ...this.#options.transport });
      const [said] = warningsIn(data);
      if (said !== undefined) return warned(command, status, said);
      return typeof data === 'object' && (command !== DEFAULT_COMMAND || 'itemList' in recordOf(data))
        ? ok(`${command} was answered with ${status}`)
        : refusedCall(command, status, `the answer (${status}) is not that of the database`);
    } catch (error) {
      if (isResponseException(error) && 'status' in error) return refusedCall(command, error.status, error.message);
      throw error;
    }
  }
}

const DEFAULT_COMMAND = 'listInstitutions';

function warned(command: string, status: number, said: string): Finding {
  return warning(
    `${command} was answered with ${status} and a warning: ${said}`,
    'it works all the same; ask whoever runs the database what it means',
  );
}

function refusedCall(command: string, status: number, message: string): Finding {
  const found = `${command}: ${message}`;
  if (status === 401 || /Signature verification/.test(message))
    return failure(
      'configuration',
      found,
      'the database does not take a login that was made a moment ago: it wants another audience (ITKDB_ACCESS_AUDIENCE), or apiUrl is not the database of this login service',
    );
  if (status === 403)
    return failure(
      'credentials',
      found,
      'the login is good, but this person may not do that: ask for the role in the production database',
    );
  if (status >= 500)
    return failure('unavailable', found, 'the database is away or has a problem of its own: try again later');
  return failure(
    'configuration',
    found,
    'that is not what the database answers: check apiUrl (ITKDB_API_URL), and what stands before it',
  );
}
