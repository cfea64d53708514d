// What can be wrong between a client of SMART Backend Services and its server. The package's own source asks, so that doctor meets
// exactly what the program would meet.
import { Authorizer } from '@axios-authorizer/core';
import { omitUndefined } from '@axios-authorizer/core/extend';
import type { AuthEvent, Clock, Token } from '@axios-authorizer/core';
import { KeyRing, SMARTBackendAuth } from '@axios-authorizer/smart-backend';
import type {
  LoadKeysOptions,
  SmartBackendKeys,
  SmartConfiguration,
  SMARTBackendAuthOptions,
} from '@axios-authorizer/smart-backend';
import { callFinding } from '../call.js';
import { gravest, ok, skipped, warning } from '../check.js';
import type { Check, CheckContext, Finding, Subject } from '../check.js';
import { keyChecks } from '../key-checks.js';
import type { KeysFrom } from '../key-checks.js';
import { networkChecks, wayFinding } from '../network/checks.js';
import { placesOf, withoutQuery } from '../network/target.js';
import type { Target } from '../network/target.js';
import { scopesFinding, tokenChecks, TokenState } from '../token-checks.js';
import { configurationCheck } from './configuration-check.js';

/** A SMART client as its service is described; what is missing is the first thing that doctor finds. */
export interface SmartSubjectOptions
  extends Partial<Omit<SMARTBackendAuthOptions, 'keys' | 'observer' | 'clock'>>, LoadKeysOptions {
  /** A file, a folder, a PEM, a JWK or a key set. */
  readonly keys?: KeysFrom | undefined;
  /** Where the server reads the client's key set. Default: `jku`. */
  readonly jwksUrl?: string | undefined;
  /** What is called with the token. Default: a count of the first resource type that the scope lets search, else the CapabilityStatement. */
  readonly call?: string | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}

export function smartSubject(options: SmartSubjectOptions): Subject {
  const visit = new SmartVisit(options);
  return {
    type: 'smart',
    clientId: options.clientId,
    checks: visit.checks(),
    secrets: () => [...visit.state.secrets, ...(options.passphrase ? [options.passphrase] : [])],
  };
}

/** Signs nothing: the server is asked about itself before there are keys. */
const STAND_IN = 'none yet';

class SmartVisit {
  readonly state = new TokenState();
  readonly #options: SmartSubjectOptions;
  readonly #keys = new KeyRing({ alg: 'ES384', kid: STAND_IN, sign: () => new Uint8Array() });
  #auth: SMARTBackendAuth | undefined;
  #configuration: SmartConfiguration | undefined;

  constructor(options: SmartSubjectOptions) {
    this.#options = options;
  }

  checks(): readonly Check[] {
    const { baseUrl, clientId, keys, scope, jku, jwksUrl = jku } = this.#options;
    const configuration = configurationCheck({
      needed: { baseUrl, clientId, keys, scope },
      make: () => (this.#auth = this.#authOf()),
      found: () => `${this.#options.baseUrl ?? ''}, scope ${this.#auth?.scope ?? ''}`,
    });
    const [ownKeys, keySet] = keyChecks({ ...this.#options, keys, jwksUrl, onKeys: (loaded) => this.#sign(loaded) });
    const network = networkChecks({
      ...this.#options,
      targets: () => this.#targets(),
      clockUrl: () => `${(this.#options.baseUrl ?? '').replace(/\/*$/, '/')}.well-known/smart-configuration`,
    });
    const tokens = tokenChecks({
      state: this.state,
      needs: ['algorithms'],
      who: 'this client',
      ask: ({ signal }) => this.#known.authorize({ signal }),
    });
    return [configuration, ownKeys, ...network, ...this.#ofServer(), keySet, ...tokens, ...this.#ofToken()].flatMap(
      (check) => check ?? [],
    );
  }

  #ofServer(): readonly Check[] {
    return [
      { id: 'discovery', title: 'SMART configuration', needs: ['tls'], run: (context) => this.#discovery(context) },
      { id: 'algorithms', title: 'Algorithms', needs: ['discovery', 'keys'], run: async () => this.#algorithms() },
    ];
  }

  #ofToken(): readonly Check[] {
    return [
      { id: 'scopes', title: 'Scopes', needs: ['token'], run: async () => this.#scopes() },
      { id: 'call', title: 'A call', needs: ['token'], run: (context) => this.#call(context) },
    ];
  }

  get #known(): SMARTBackendAuth {
    this.#auth ??= this.#authOf();
    return this.#auth;
  }

  #authOf(): SMARTBackendAuth {
    const {
      keys: _from,
      passphrase: _pass,
      kid: _kid,
      signWith: _with,
      anyMode: _mode,
      jwksUrl: _url,
      call: _call,
      ...given
    } = this.#options;
    const { baseUrl = '', clientId = '', scope = '' } = given;
    const observer = (event: AuthEvent): void => {
      if (event.type === 'notice') this.state.notices.push(event.message);
    };
    return new SMARTBackendAuth({ ...given, baseUrl, clientId, scope, keys: this.#keys, observer });
  }

  #sign(keys: readonly SmartBackendKeys[]): void {
    const { signWith } = this.#options;
    for (const key of keys) this.#keys.publish(key);
    if (signWith !== undefined) this.#keys.signWith(signWith);
    this.#keys.retire(STAND_IN);
  }

  #targets(): readonly Target[] {
    const { baseUrl = '', tokenUrl } = this.#options;
    const given = tokenUrl === undefined ? [] : [{ what: 'the token endpoint', url: tokenUrl }];
    return [{ what: 'the FHIR server', url: baseUrl }, ...given];
  }

  async #discovery(context: CheckContext): Promise<Finding> {
    const configuration = await this.#known.configuration(context.signal);
    this.#configuration = configuration;
    const { tokenUrl } = configuration;
    if (this.#options.tokenUrl !== undefined) return skipped(`the token endpoint is given: ${withoutQuery(tokenUrl)}`);
    const known = placesOf(this.#targets()).map(({ shown }) => shown);
    const isElsewhere = placesOf([{ what: '', url: tokenUrl }]).some(({ shown }) => !known.includes(shown));
    const way = isElsewhere
      ? await wayFinding([{ what: 'the token endpoint', url: tokenUrl }], this.#options, context)
      : ok('');
    const shortcomings = this.#noticed(/falls short/);
    const own =
      shortcomings === ''
        ? ok(`the token endpoint is ${withoutQuery(tokenUrl)}`)
        : warning(
            shortcomings,
            'tell whoever runs the server; clients that are stricter than this one will not get on with it',
          );
    return gravest([way, own].filter(({ found }) => found !== ''));
  }

  #algorithms(): Finding {
    const { algorithms } = this.#configuration ?? {};
    const { alg, kid } = this.#keys.choose(algorithms);
    if (algorithms === undefined)
      return warning(
        `the server does not say which it takes; ${kid} signs with ${alg}`,
        'servers of SMART must take RS384 and ES384; if this one refuses the assertion, try the other',
      );
    return ok(`the server takes ${algorithms.join(', ')}; ${kid} signs with ${alg}`);
  }

  #scopes(): Finding {
    const missing = /asked for: (.+) is missing/.exec(this.#noticed(/granted less/))?.[1] ?? '';
    const doubt = this.#noticed(/looks like a typo/);
    const finding = scopesFinding(this.state.token?.scope, missing);
    return doubt === '' ? finding : gravest([finding, warning(doubt, 'correct it, unless this server wants it so')]);
  }

  async #call(context: CheckContext): Promise<Finding> {
    const { token } = this.state;
    if (token === undefined) return skipped('there is no token');
    const headers = new Authorizer(this.#known, { clock: context.clock }).headersFor(token);
    const { transport, allowInsecure, call: url = this.#defaultCall(token) } = this.#options;
    return callFinding({ url, headers, ...omitUndefined({ transport, allowInsecure }) }, context);
  }

  /** A count says how many there are and shows none of them (FHIR search, `_summary`). */
  #defaultCall({ scope = '' }: Token): string {
    const base = (this.#options.baseUrl ?? '').replace(/\/*$/, '');
    const searched = scope
      .split(' ')
      .flatMap((one) => /^system\/([A-Z]\w+|\*)\.(?:c?r?u?d?s|read|\*)$/.exec(one)?.[1] ?? [])[0];
    if (searched === undefined) return `${base}/metadata`;
    return `${base}/${searched === '*' ? 'Patient' : searched}?_summary=count`;
  }

  #noticed(pattern: RegExp): string {
    return this.state.notices.filter((notice) => pattern.test(notice)).join('; ');
  }
}
