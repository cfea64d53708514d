// Stands in for held-transport.ts in a bundle for browsers, where axios takes no transport.
import type * as beside from './held-transport.js';

export const heldTransport: typeof beside.heldTransport = () => undefined;
