// Tokens that are bound to a key (RFC 9449): @axios-authorizer/core/dpop.
export { dpopProof } from './dpop-proof.js';
export type { DpopProof, DpopProofOptions } from './dpop-proof.js';
export type { DpopAlg } from './keys.js';
export type { ProofKeyStore, ProofOfPossession, ProvenAnswer, ProvenExchange, ProvenRequest } from '../token/proof.js';
