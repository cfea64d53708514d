// What can be wrong between a client and any OAuth 2 authorization server, and the API behind it.
import {
  AuthenticationError,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretPost,
  ConfigurationError,
  discoverServer,
  passwordSource,
  publicClient,
} from '@axios-authorizer/core';
import { isSecureUrl, jwtClaims, omitUndefined } from '@axios-authorizer/core/extend';
import type { ClientAuth, FormParameters, ServerMetadata, Token, TokenSource, Transport } from '@axios-authorizer/core';
import { privateKeyJwt } from '@axios-authorizer/smart-backend';
import type { LoadKeysOptions, SmartBackendKeys } from '@axios-authorizer/smart-backend';
import { callFinding } from '../call.js';
import { gravest, ok, skipped, warning } from '../check.js';
import type { Check, CheckContext, Finding, Subject } from '../check.js';
import { keyChecks } from '../key-checks.js';
import type { KeysFrom } from '../key-checks.js';
import { networkChecks, wayFinding } from '../network/checks.js';
import { placesOf, withoutQuery } from '../network/target.js';
import type { Target } from '../network/target.js';
import { notAmong, scopesFinding, tokenChecks, TokenState } from '../token-checks.js';
import { configurationCheck } from './configuration-check.js';
import { assertionAdvice, METHOD_NAMES, methodsFinding } from './methods.js';
import type { Grant, Method } from './methods.js';

/** A client, as its service is described. */
export interface OAuth2SubjectOptions extends LoadKeysOptions {
  /** Compared to the letter with what the server calls itself (RFC 8414 section 3.3). Default: `tokenUrl` is given. */
  readonly issuer?: string | undefined;
  readonly tokenUrl?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** Default: by its keys if there are some, else by its secret; not at all where it has none and a user signs in. */
  readonly clientAuthentication?: Method | undefined;
  readonly keys?: KeysFrom | undefined;
  /** Where the server reads the client's key set. Default: it was registered by hand. */
  readonly jwksUrl?: string | undefined;
  /** "aud" of assertions. Default: the token endpoint. */
  readonly audience?: string | undefined;
  /** Default: client_credentials. Of the others the token is had by `stored`. */
  readonly grant?: Grant | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** The token of a login that was made before, for the grants that begin with a person. */
  readonly stored?: ((signal: AbortSignal) => Promise<Token>) | undefined;
  readonly scope?: string | readonly string[] | undefined;
  readonly parameters?: FormParameters | undefined;
  readonly allowInsecure?: boolean | undefined;
  readonly transport?: Transport | undefined;
  /** What is called with the token. Default: nothing, but what the token says of itself is read. */
  readonly call?: string | undefined;
}

export function oauth2Subject(options: OAuth2SubjectOptions): Subject {
  const visit = new OAuth2Visit(options);
  const { clientId, clientSecret = '', password = '', passphrase = '' } = options;
  const own = [clientSecret, password, passphrase].filter((text) => text !== '');
  return { type: 'oauth2', clientId, checks: visit.checks(), secrets: () => [...visit.state.secrets, ...own] };
}

class OAuth2Visit {
  readonly state = new TokenState();
  readonly #options: OAuth2SubjectOptions;
  readonly #method: Method;
  #keys: readonly SmartBackendKeys[] = [];
  #metadata: ServerMetadata | undefined;

  constructor(options: OAuth2SubjectOptions) {
    this.#options = options;
    this.#method = options.clientAuthentication ?? usualMethod(options);
  }

  checks(): readonly Check[] {
    const { keys, jwksUrl } = this.#options;
    const isByKey = this.#method === 'private_key_jwt';
    const own = keyChecks({ ...this.#options, keys, jwksUrl, onKeys: (loaded) => (this.#keys = loaded) });
    const [ownKeys, keySet] = isByKey ? own : [];
    const network = networkChecks({
      ...this.#options,
      targets: () => this.#targets(),
      clockUrl: () => this.#options.issuer ?? this.#options.tokenUrl ?? '',
    });
    const tokens = tokenChecks({
      state: this.state,
      needs: ['algorithms'],
      who: 'this client',
      ask: (context) => this.#token(context),
      explain: (error) => assertionAdvice(error, this.#method, this.#keys[0]),
    });
    return [
      this.#configuration(),
      ownKeys,
      ...network,
      { id: 'discovery', title: 'Metadata', needs: ['tls'], run: (context: CheckContext) => this.#discovery(context) },
      {
        id: 'algorithms',
        title: 'Methods',
        needs: ['discovery', ...(isByKey ? ['keys'] : [])],
        run: async () => this.#methods(),
      },
      keySet,
      ...tokens,
      { id: 'scopes', title: 'Scopes', needs: ['token'], run: async () => this.#scopes() },
      { id: 'call', title: 'A call', needs: ['token'], run: (context: CheckContext) => this.#call(context) },
    ].flatMap((check) => check ?? []);
  }

  #configuration(): Check {
    const { issuer, tokenUrl, clientId, clientSecret, keys } = this.#options;
    const byMethod = { basic: { clientSecret }, post: { clientSecret }, none: {}, private_key_jwt: { keys } }[
      this.#method
    ];
    return configurationCheck({
      needed: { 'issuer or tokenUrl': issuer ?? tokenUrl, clientId, ...byMethod },
      make: () => this.#targets().forEach(({ what, url }) => this.#assertUrl(what, url)),
      found: () => `${withoutQuery(issuer ?? tokenUrl ?? '')}, client authentication by ${METHOD_NAMES[this.#method]}`,
    });
  }

  #assertUrl(what: string, url: string): void {
    if (!URL.canParse(url))
      throw new ConfigurationError(`The URL of ${what} is none; it should look like https://id.example.org`);
    if (new URL(url).username !== '' || new URL(url).password !== '')
      throw new ConfigurationError(`The URL of ${what} holds a user: put it into clientId and clientSecret`);
    if (!isSecureUrl(new URL(url), this.#options.allowInsecure))
      throw new ConfigurationError(
        `${new URL(url).origin} is plain http beyond this machine: use https, or say allowInsecure`,
      );
  }

  #targets(): readonly Target[] {
    const { issuer, tokenUrl, call } = this.#options;
    return Object.entries({
      'the authorization server': issuer,
      'the token endpoint': tokenUrl,
      'the API': call,
    }).flatMap(([what, url]) => (url === undefined ? [] : [{ what, url }]));
  }

  async #discovery(context: CheckContext): Promise<Finding> {
    const { issuer, tokenUrl, transport, allowInsecure } = this.#options;
    if (issuer === undefined) return skipped('the token endpoint is given, and no issuer');
    const metadata = await discoverServer(issuer, {
      transport,
      allowInsecure,
      signal: context.signal,
      clock: context.clock,
    });
    this.#metadata = metadata;
    const { tokenEndpoint } = metadata;
    if (tokenUrl !== undefined && tokenUrl !== tokenEndpoint)
      return warning(
        `the server says that its token endpoint is ${withoutQuery(tokenEndpoint)}, given is ${withoutQuery(tokenUrl)}`,
        'leave tokenUrl out, unless a gateway stands before the server',
      );
    const known = placesOf(this.#targets()).map(({ shown }) => shown);
    const elsewhere = [{ what: 'the token endpoint', url: tokenEndpoint }].filter((target) =>
      placesOf([target]).some(({ shown }) => !known.includes(shown)),
    );
    const way = elsewhere.length === 0 ? skipped('') : await wayFinding(elsewhere, { transport }, context);
    return gravest([ok(`the token endpoint is ${withoutQuery(tokenEndpoint)}`), way]);
  }

  #methods(): Finding {
    const { grant = 'client_credentials' } = this.#options;
    return methodsFinding({ method: this.#method, grant, keys: this.#keys, metadata: this.#metadata });
  }

  #token({ signal }: CheckContext): Promise<Token> {
    const { grant = 'client_credentials', stored } = this.#options;
    if (grant === 'client_credentials' || grant === 'password')
      return this.#source().authorize({ signal, reason: 'missing' });
    if (stored !== undefined) return stored(signal);
    const code = 'not_authenticated';
    throw new AuthenticationError(`A person logs in for this grant (${grant}), and nobody has`, {
      code,
      kind: 'session',
    });
  }

  #source(): TokenSource {
    const { scope, parameters, allowInsecure, transport, username = '', password = '' } = this.#options;
    const tokenUrl = this.#options.tokenUrl ?? this.#metadata?.tokenEndpoint ?? '';
    const asking = {
      tokenUrl,
      clientAuth: this.#clientAuth(),
      ...omitUndefined({ scope, parameters, allowInsecure, transport }),
    };
    return this.#options.grant === 'password'
      ? passwordSource({ ...asking, username, password })
      : clientCredentialsSource(asking);
  }

  #clientAuth(): ClientAuth {
    const { clientId = '', clientSecret = '', audience } = this.#options;
    const algorithms = this.#metadata?.tokenEndpointAuthSigningAlgs;
    if (this.#method === 'private_key_jwt')
      return privateKeyJwt({ clientId, keys: this.#keys, ...omitUndefined({ audience, algorithms }) });
    if (this.#method === 'none') return publicClient({ clientId });
    return (this.#method === 'post' ? clientSecretPost : clientSecretBasic)({ clientId, clientSecret });
  }

  #scopes(): Finding {
    const { scope: asked = '' } = this.#options;
    const { scope: granted } = this.state.token ?? {};
    return scopesFinding(granted, notAmong([asked].flat().join(' '), granted ?? ''));
  }

  async #call(context: CheckContext): Promise<Finding> {
    const { token } = this.state;
    const { call: url, transport, allowInsecure } = this.#options;
    if (token === undefined) return skipped('there is no token');
    if (url === undefined) return skipped(`no URL to call is given (--call)${aboutJwt(token)}`);
    const headers = new Authorizer(() => Promise.resolve(token)).headersFor(token);
    return callFinding({ url, headers, ...omitUndefined({ transport, allowInsecure }) }, context);
  }
}

/** A client that asks for itself has a secret; one that acts for a user may have none. */
function usualMethod({ keys, clientSecret, grant = 'client_credentials' }: OAuth2SubjectOptions): Method {
  if (keys !== undefined) return 'private_key_jwt';
  return clientSecret !== undefined || grant === 'client_credentials' ? 'basic' : 'none';
}

/** For whom a JWT says that it is: what an API compares. */
function aboutJwt({ accessToken }: Token): string {
  const { iss, aud } = jwtClaims(accessToken) ?? {};
  return iss === undefined && aud === undefined
    ? ''
    : `; the token is of ${String(iss)}, for ${[aud].flat().map(String).join(', ')}`;
}
