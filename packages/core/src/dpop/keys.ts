// The key of proofs: made, taken from the program, or kept by a key store. WebCrypto alone, so that a browser can hold one that
// no script can read.
import { isBrowser } from '../internal/browser.js';
import { base64Url, utf8 } from '../internal/base64.js';
import { ownProperty, recordOf } from '../internal/records.js';
import { ConfigurationError } from '../token/errors/errors.js';
import type { ProofKeyStore } from '../token/proof.js';

/** How proofs are signed; ES256 is what every server knows. */
export type DpopAlg = 'ES256' | 'ES384' | 'RS256' | 'PS256' | 'Ed25519';

export interface KeyOptions {
  readonly alg?: DpopAlg | undefined;
  readonly keyPair?: CryptoKeyPair | JsonWebKey | undefined;
  readonly keyStore?: ProofKeyStore | undefined;
  readonly extractable?: boolean | undefined;
}

/** A key, ready to sign. */
export interface ProofKey {
  readonly alg: DpopAlg;
  /** Public members only, in the order in which RFC 7638 wants them. */
  readonly jwk: Readonly<Record<string, string>>;
  readonly thumbprint: string;
  /** The signature of a text, in base64url. */
  readonly sign: (text: string) => Promise<string>;
}

type Algorithm = EcKeyGenParams & RsaHashedKeyGenParams & { readonly saltLength: number };

export const ALGS: readonly DpopAlg[] = ['ES256', 'ES384', 'RS256', 'PS256', 'Ed25519'];

/** The public members of each type of key, in alphabetical order (RFC 7638 section 3.2). */
const PUBLIC: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  RSA: ['e', 'kty', 'n'],
  OKP: ['crv', 'kty', 'x'],
};

const SHORTEST_RSA_BITS = 2048;

const PRIVATE: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

/** @throws ConfigurationError for a key that cannot sign proofs, and where the platform has no WebCrypto or not this algorithm */
export async function proofKey({ alg, keyPair, keyStore, extractable = !isBrowser() }: KeyOptions): Promise<ProofKey> {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined)
    throw new ConfigurationError('A proof needs WebCrypto, which browsers have on https pages and localhost');
  const make = async (): Promise<CryptoKeyPair> => generated(alg ?? 'ES256', extractable);
  if (keyStore && typeof keyStore.keep !== 'function')
    throw new ConfigurationError(
      '`keyStore` must be one: webKeyStore of core/browser, fileKeyStore of core/node, or { keep }',
    );
  const key = keyPair ?? (await (keyStore ? keyStore.keep(make) : make()));
  if (typeof key !== 'object' || key === null) throw new ConfigurationError('`keyStore` gave no key');
  return ready('privateKey' in key ? key : await imported(key, alg, extractable), alg);
}

async function generated(alg: DpopAlg, extractable: boolean): Promise<CryptoKeyPair> {
  try {
    const made = await crypto.subtle.generateKey(paramsOf(alg), extractable, ['sign', 'verify']);
    if ('privateKey' in made) return made;
    throw new TypeError('It makes no pair');
  } catch (cause) {
    throw new ConfigurationError(`This platform makes no keys for ${alg}; all make those of ES256`, { cause });
  }
}

/** A private JWK; what it says of its use (`alg`, `use`, `key_ops`) is left out: it can sign. */
async function imported(jwk: JsonWebKey, asked: DpopAlg | undefined, extractable: boolean): Promise<CryptoKeyPair> {
  const alg = asked ?? algOfJwk(jwk);
  const half = (names: readonly string[], usage: KeyUsage): Promise<CryptoKey> =>
    crypto.subtle.importKey('jwk', only(jwk, names), paramsOf(alg), usage === 'verify' || extractable, [usage]);
  try {
    const names = ownProperty(PUBLIC, String(jwk.kty)) ?? [];
    return { privateKey: await half([...names, ...PRIVATE], 'sign'), publicKey: await half(names, 'verify') };
  } catch (cause) {
    throw new ConfigurationError(`\`keyPair\` is no private JWK for ${alg}: ${String(recordOf(cause)['message'])}`);
  }
}

function only(jwk: object, names: readonly string[]): JsonWebKey {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => names.includes(name)));
}

function algOfJwk({ kty, crv, alg }: JsonWebKey): DpopAlg {
  if (kty === 'RSA') return alg === 'PS256' ? alg : 'RS256';
  const known = ALGS.find((one) => crv !== undefined && [paramsOf(one).namedCurve, one].includes(crv));
  if (known) return known;
  throw new ConfigurationError('`keyPair` is no key for proofs: it must be a private JWK or a CryptoKeyPair');
}

async function ready({ privateKey, publicKey }: CryptoKeyPair, asked: DpopAlg | undefined): Promise<ProofKey> {
  const alg = algOf(recordOf(privateKey)['algorithm']);
  if (alg === undefined || (asked !== undefined && asked !== alg))
    throw new ConfigurationError(
      `The private key is for ${alg ?? 'no algorithm of proofs'}${asked ? `, not for ${asked}` : ''}; proofs are signed with ${ALGS.join(', ')}`,
    );
  const { modulusLength = SHORTEST_RSA_BITS } = recordOf(privateKey.algorithm);
  if (Number(modulusLength) < SHORTEST_RSA_BITS)
    throw new ConfigurationError(
      `${alg} needs an RSA key of at least ${SHORTEST_RSA_BITS} bits (RFC 7518 section 3.3)`,
    );
  const jwk = await publicJwk(publicKey);
  const text = utf8(JSON.stringify(jwk));
  const sign = async (input: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> => {
    try {
      return await crypto.subtle.sign(paramsOf(alg), privateKey, input);
    } catch (cause) {
      throw new ConfigurationError(`The private key does not sign ${alg} here`, { cause });
    }
  };
  await assertPair({ alg, jwk, text, signature: await sign(text) });
  const thumbprint = base64Url(await crypto.subtle.digest('SHA-256', text));
  return { alg, jwk, thumbprint, sign: async (input) => base64Url(await sign(utf8(input))) };
}

interface Signed extends Pick<ProofKey, 'alg' | 'jwk'> {
  readonly text: Uint8Array<ArrayBuffer>;
  readonly signature: ArrayBuffer;
}

/** Servers know the public half alone. @throws ConfigurationError when it is that of another key */
async function assertPair({ alg, jwk, text, signature }: Signed): Promise<void> {
  const isPair = await crypto.subtle
    .importKey('jwk', jwk, paramsOf(alg), true, ['verify'])
    .then((key) => crypto.subtle.verify(paramsOf(alg), key, signature, text))
    .catch(() => false);
  if (!isPair) throw new ConfigurationError('The public key is not that of the private key');
}

function algOf(algorithm: unknown): DpopAlg | undefined {
  const { name, namedCurve, hash } = recordOf(algorithm);
  return ALGS.find((alg) => {
    const known = paramsOf(alg);
    const isHashOk = known.namedCurve !== undefined || known.hash === recordOf(hash)['name'];
    return known.name === name && known.namedCurve === namedCurve && isHashOk;
  });
}

/** @throws ConfigurationError when the public key cannot be exported */
async function publicJwk(publicKey: CryptoKey): Promise<Readonly<Record<string, string>>> {
  const exported = recordOf(await crypto.subtle.exportKey('jwk', publicKey).catch(() => undefined));
  const names = ownProperty(PUBLIC, String(exported['kty']));
  if (names === undefined)
    throw new ConfigurationError('The public key must be one that can be exported: it goes with each proof');
  return Object.fromEntries(names.map((name) => [name, String(exported[name])]));
}

/** What WebCrypto calls it; of this it reads what it needs to make, import and use a key. In a function, so that a bundle can do without. */
function paramsOf(alg: DpopAlg): Algorithm {
  const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  const algorithms: Readonly<Record<DpopAlg, Partial<Algorithm> & { readonly name: string }>> = {
    ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    ES384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
    RS256: { name: 'RSASSA-PKCS1-v1_5', ...rsa },
    PS256: { name: 'RSA-PSS', ...rsa, saltLength: 32 },
    Ed25519: { name: 'Ed25519' },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- WebCrypto reads of it what its `name` asks for
  return algorithms[alg] as Algorithm;
}
