// Stands in for tls-failure.ts in a bundle for browsers.
import type * as beside from './tls-failure.js';

export const tlsFailureOf: typeof beside.tlsFailureOf = () => undefined;

export const tlsAdvice: typeof beside.tlsAdvice = () => '';
