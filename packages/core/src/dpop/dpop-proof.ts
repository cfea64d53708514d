// Proofs of possession by DPoP (RFC 9449): a small JWT for each request, signed with the key to which the token is bound.
import { base64Url, utf8 } from '../internal/base64.js';
import { isBrowser } from '../internal/browser.js';
import { asString, headerValue } from '../internal/records.js';
import type { Clock } from '../internal/clock.js';
import { parseChallenges } from '../token/challenge.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import type { ProofKeyStore, ProofOfPossession, ProvenAnswer, ProvenExchange, ProvenRequest } from '../token/proof.js';
import type { TokenStore } from '../token/store.js';
import type { Token } from '../token/token.js';
import { ALGS, proofKey } from './keys.js';
import type { DpopAlg, ProofKey } from './keys.js';
import { Servers } from './servers.js';

/** The options of {@link dpopProof}. */
export interface DpopProofOptions {
  /** How proofs are signed. Default: that of `keyPair`, else 'ES256'. */
  readonly alg?: DpopAlg | undefined;
  /** The key, where the program keeps it: of WebCrypto, or a private JWK. Default: that of `keyStore`, else a new one. */
  readonly keyPair?: CryptoKeyPair | JsonWebKey | undefined;
  /** What keeps the key between runs: `webKeyStore` of core/browser, `fileKeyStore` of core/node. Default: it ends with the process. */
  readonly keyStore?: ProofKeyStore | undefined;
  /** Whether a new key can be read out of WebCrypto, to be kept elsewhere. Default: false in browsers, else true. */
  readonly extractable?: boolean | undefined;
  /**
   * Takes bearer tokens as well, from a server that does not know DPoP (yet); they are sent without proof. Default: false, such
   * an answer is an error.
   */
  readonly optional?: boolean | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

/** A key and its proofs: the option `dpop` of the OAuth 2 sources. */
export interface DpopProof extends ProofOfPossession {
  /** The thumbprint of the key (RFC 7638): `boundTo` of its tokens, and the parameter `dpop_jkt` of an authorization request (RFC 9449 section 10). */
  thumbprint(): Promise<string>;
}

const OPTIONS: OptionTable<DpopProofOptions> = {
  alg: ALGS,
  keyPair: 'object',
  keyStore: 'object',
  extractable: 'any',
  optional: 'any',
  clock: 'object',
};

const JTI_BYTES = 16;

/**
 * A key to which tokens are bound, so that they are of no use to whoever steals them alone (RFC 9449). Give it to one source, or
 * to several; each request of their authorizers goes out with a proof of its own.
 * @throws ConfigurationError for a key that cannot sign proofs, and where there is no WebCrypto: in browsers on plain http
 *
 * @example
 * ```ts
 * const proof = await dpopProof();
 * const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth, dpop: proof }));
 * ```
 */
export async function dpopProof(given?: DpopProofOptions): Promise<DpopProof> {
  const options = checkOptions(given, 'dpopProof', OPTIONS);
  if (options.keyPair && options.keyStore)
    throw new ConfigurationError('dpopProof takes `keyPair` or `keyStore`, not both');
  if (options.clock && typeof options.clock.now !== 'function')
    throw new ConfigurationError('`clock` of dpopProof must be a clock: { now }');
  return new Dpop(await proofKey(options), options);
}

class Dpop implements DpopProof {
  readonly scheme = 'DPoP';
  readonly header = 'DPoP';
  readonly alg: DpopAlg;
  readonly #key: ProofKey;
  readonly #options: DpopProofOptions;
  readonly #servers = new Servers();
  #isTold = false;

  constructor(key: ProofKey, options: DpopProofOptions) {
    this.#key = key;
    this.alg = key.alg;
    this.#options = options;
  }

  async thumbprint(): Promise<string> {
    return Promise.resolve(this.#key.thumbprint);
  }

  /** RFC 9449 section 4.2. */
  async prove(request: ProvenRequest): Promise<string> {
    const { method, url, accessToken } = request;
    const { alg, jwk, sign } = this.#key;
    const nonce = this.#servers.nonceFor(request);
    const claims = {
      jti: base64Url(crypto.getRandomValues(new Uint8Array(JTI_BYTES))),
      htm: method,
      htu: url.origin + url.pathname,
      iat: Math.floor((this.#now() + this.#servers.offsetFor(request)) / 1000),
      ...(accessToken !== undefined && { ath: await hash(accessToken) }),
      ...(nonce !== undefined && { nonce }),
    };
    const text = [{ typ: 'dpop+jwt', alg, jwk }, claims].map((part) => base64Url(utf8(JSON.stringify(part)))).join('.');
    return `${text}.${await sign(text)}`;
  }

  async exchange<A>(request: ProvenRequest, { send, read, again, notice }: ProvenExchange<A>): Promise<A> {
    const attempt = async (): Promise<{ readonly answer: A; readonly wantsAnother: boolean }> => {
      const before = { nonce: this.#servers.nonceFor(request), offset: this.#servers.offsetFor(request) };
      const proof = await this.prove(request);
      const sentAt = this.#now();
      const answer = await send(proof);
      const seen = read(answer);
      const wantsAnother = seen !== undefined && this.#learn(request, seen, { ...before, sentAt });
      if (seen) this.#tellHidden(request, seen, notice);
      return { answer, wantsAnother };
    };
    const first = await attempt();
    if (!first.wantsAnother || !(await again(first.answer))) return first.answer;
    return (await attempt()).answer;
  }

  bind(tokenType: string): Pick<Token, 'tokenType' | 'boundTo' | 'proofNonces'> | string {
    const { nonces: proofNonces } = this.#servers;
    const isAny = Object.keys(proofNonces).length > 0;
    if (tokenType === 'dpop')
      return { tokenType: 'DPoP', boundTo: this.#key.thumbprint, ...(isAny && { proofNonces }) };
    if (this.#options.optional && (tokenType === '' || tokenType === 'bearer')) return { tokenType: 'Bearer' };
    return 'holds a token that is not bound to the key (its token_type is not DPoP): this client is not set up for DPoP there; dpopProof({ optional: true }) takes bearer tokens meanwhile';
  }

  assertOwn(token: Token): void {
    if (this.#isOther(token)) throw new ConfigurationError('The token is bound to another key than that of `dpop`');
  }

  guard<T extends Token>(store: TokenStore<T>): TokenStore<T> {
    const { keyPair, keyStore } = this.#options;
    if (!store.endsWithProcess && !keyPair && !keyStore)
      throw new ConfigurationError(
        'The store outlives the key of its tokens: give dpopProof a `keyStore` (webKeyStore in browsers, fileKeyStore in Node), or the same `keyPair` wherever the store is read',
      );
    const own = <R extends T | void | undefined>(token: R): R | undefined =>
      token && this.#isOther(token) ? undefined : token;
    return {
      ...store,
      load: async () => own(await store.load()),
      save: async (token, replaces, options) => own(await store.save(token, replaces, options)),
      clear: () => store.clear(),
      ...(store.exclusive && { exclusive: (work, waiting) => store.exclusive?.(work, waiting) ?? work() }),
      ...(store.subscribe && { subscribe: (changed) => store.subscribe?.(changed) ?? (() => undefined) }),
    };
  }

  #now(): number {
    return (this.#options.clock ?? Date).now();
  }

  /** What a bearer token is bound to is no key of proofs, but the client's certificate (RFC 8705 section 3). */
  #isOther({ boundTo, tokenType = '' }: Token): boolean {
    return boundTo !== undefined && boundTo !== this.#key.thumbprint && !/^bearer$/i.test(tokenType);
  }

  /** Takes what the answer says for the next proof. @returns whether it wants another one, which would differ from the last */
  #learn(request: ProvenRequest, seen: ProvenAnswer, before: Before): boolean {
    const servers = this.#servers;
    servers.noteNonce(request, seen);
    const isToken = request.accessToken === undefined;
    if (isToken || seen.status === 401) {
      const [halfMs, at] = [(this.#now() - before.sentAt) / 2, (this.#now() + before.sentAt) / 2];
      servers.noteTime(request, seen, { at, within: halfMs }); // other answers may come from a cache
    }
    if (seen.status !== 401 && !(isToken && seen.status === 400)) return false;
    const error = seen.error ?? errorIn(seen.headers);
    const isNewNonce = servers.nonceFor(request) !== before.nonce;
    if (error === 'invalid_dpop_proof') servers.forgetOthersTime(request);
    if (error === 'invalid_dpop_proof') return servers.offsetFor(request) !== before.offset || isNewNonce;
    return isNewNonce && (error === 'use_dpop_nonce' || isHidden(seen));
  }

  /** A page sees only those headers of another origin that its server exposes. */
  #tellHidden({ url, accessToken }: ProvenRequest, seen: ProvenAnswer, notice: ProvenExchange<never>['notice']): void {
    if (this.#isTold || accessToken === undefined || seen.status !== 401 || !isHidden(seen) || !isBrowser()) return;
    this.#isTold = true;
    notice?.(
      `${url.origin} answered 401, and this page may not read why: have it send Access-Control-Expose-Headers: WWW-Authenticate, DPoP-Nonce, Date`,
    );
  }
}

/** How the last proof was made. */
interface Before {
  readonly nonce: string | undefined;
  readonly offset: number;
  readonly sentAt: number;
}

function isHidden({ headers }: ProvenAnswer): boolean {
  return headerValue(headers, 'www-authenticate') === undefined || headerValue(headers, 'www-authenticate') === null;
}

/** What the DPoP challenge says (RFC 9449 section 7.1); some servers say it in one of Bearer. */
function errorIn(headers: unknown): string | undefined {
  const lines = [headerValue(headers, 'www-authenticate')].flat().filter((line) => typeof line === 'string');
  const errors = parseChallenges(lines).flatMap(({ parameters }) => asString(parameters['error']) ?? []);
  return errors.find((error) => /dpop/.test(error)) ?? errors[0];
}

async function hash(text: string): Promise<string> {
  return base64Url(await crypto.subtle.digest('SHA-256', utf8(text)));
}
