// Stands in for http-adapter.ts in a bundle for browsers. axios has no http adapter there: nothing asks before a redirect, no
// transport is used, and no agent keeps sockets that could show what other requests sent.
import { ConfigurationError } from './errors.js';
import type * as beside from './http-adapter.js';

/** Where somebody runs such a bundle with an axios that has the adapter all the same, no credential follows a redirect. */
export const hopGuard: typeof beside.hopGuard = () => () => {
  throw new ConfigurationError('This bundle is for browsers: bundle for Node to follow redirects by axios there');
};

export const heldTransport: typeof beside.heldTransport = () => undefined;

export const printable: typeof beside.printable = (config) => config;

export const hideSockets: typeof beside.hideSockets = () => undefined;

export const tameToJson: typeof beside.tameToJson = () => undefined;
