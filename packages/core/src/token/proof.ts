// How a request shows that its sender holds the key to which the token is bound. `dpop/` has the one of RFC 9449; what sends
// requests knows no more of it than what stands here.
import type { Token } from './token.js';
import type { TokenStore } from './store.js';

/** A request whose sender shows that it holds the key. */
export interface ProvenRequest {
  /** The method as it goes out, such as "GET". */
  readonly method: string;
  /** Where it goes, params included. */
  readonly url: URL;
  /** The access token that goes along; absent at a token endpoint. */
  readonly accessToken?: string | undefined;
  /** The token that it belongs to, which may remember nonces of an earlier run. Default: none. */
  readonly token?: Pick<Token, 'proofNonces'> | undefined;
}

/** What of an answer tells whether the proof was taken. */
export interface ProvenAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** Those of axios, of fetch, or a plain object. */
  readonly headers: unknown;
  /** `error` of the body of a token endpoint (RFC 6749 section 5.2). Default: the challenge in the headers says it. */
  readonly error?: string | undefined;
}

/** How one request is sent, for {@link ProofOfPossession.exchange}. */
export interface ProvenExchange<A> {
  /** Sends it with this proof. */
  readonly send: (proof: string) => Promise<A>;
  /** What came back; undefined when nothing did. */
  readonly read: (answer: A) => ProvenAnswer | undefined;
  /** Makes ready to send it once more with another proof; false where that cannot be, and `answer` is final. */
  readonly again: (answer: A) => boolean | Promise<boolean>;
  /** Tells the observer what is worth knowing and no failure. */
  readonly notice?: ((message: string) => void) | undefined;
}

/** Shows for each request that its sender holds the key to which the token is bound, as `dpopProof` of core/dpop does (RFC 9449). */
export interface ProofOfPossession {
  /** The scheme in Authorization, and the `token_type` of tokens that are bound: "DPoP". */
  readonly scheme: string;
  /** How proofs are signed, as servers list it in `dpop_signing_alg_values_supported` (RFC 9449 section 5.1). */
  readonly alg: string;
  /** The name of the header that carries the proof: "DPoP". */
  readonly header: string;
  /** A proof for one request, good for one use. */
  prove(request: ProvenRequest): Promise<string>;
  /** Sends a request with a proof, and once more with another one where the answer asks for that; learns from each answer. */
  exchange<A>(request: ProvenRequest, exchange: ProvenExchange<A>): Promise<A>;
  /**
   * What a new token has besides, by the `token_type` of the answer, in lower case; or in words why such a token is not taken: it
   * is no bound one.
   */
  bind(tokenType: string): Pick<Token, 'tokenType' | 'boundTo' | 'proofNonces'> | string;
  /** @throws ConfigurationError for a token that the program brings and that is bound to another key */
  assertOwn(token: Token): void;
  /**
   * The store as its tokens are of use with this key: one that is bound to another counts as missing.
   * @throws ConfigurationError when tokens would outlive the key there
   */
  guard<T extends Token>(store: TokenStore<T>): TokenStore<T>;
}

/** Keeps the key of proofs between runs, beside the store of the tokens that are bound to it. */
export interface ProofKeyStore {
  /**
   * The key that is kept, of WebCrypto or as a private JWK; else what `make` makes, which is kept from now on. Two that ask at
   * once get the same one.
   */
  keep(make: () => Promise<CryptoKeyPair>): Promise<CryptoKeyPair | JsonWebKey>;
}

/** Whether requests with `token` carry a proof: not with a token that a server issued unbound. */
export function isProven(proof: ProofOfPossession | undefined, { tokenType = '' }: Token): proof is ProofOfPossession {
  return proof !== undefined && tokenType.toLowerCase() === proof.scheme.toLowerCase();
}
