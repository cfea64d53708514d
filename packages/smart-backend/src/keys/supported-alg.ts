// The two algorithms that every SMART client and server must know (client-confidential-asymmetric, "Registering a client").

/**
 * The algorithms that every SMART server must take (SMART App Launch 2.2, "Asymmetric authentication").
 *
 * @example
 * ```ts
 * const keys = await generateKeyPair(SupportedAlg.ES384);
 * ```
 */
export const SupportedAlg = {
  /** RSASSA-PKCS1-v1_5 with SHA-384, for RSA keys of at least 2048 bits. */
  RS384: 'RS384',
  /** ECDSA with SHA-384, for keys on P-384. */
  ES384: 'ES384',
} as const;
/** `RS384`: RSA with SHA-384; `ES384`: ECDSA on P-384 with SHA-384 (RFC 7518 section 3.1). */
export type SupportedAlg = (typeof SupportedAlg)[keyof typeof SupportedAlg];

export function isSupportedAlg(value: unknown): value is SupportedAlg {
  return value === 'RS384' || value === 'ES384';
}
