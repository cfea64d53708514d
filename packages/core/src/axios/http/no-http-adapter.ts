// Stands in for http-adapter.ts in a bundle for browsers. axios has no http adapter there: nothing asks before a redirect, no
// agent keeps sockets that could show what other requests sent, bodies and raw requests are a browser's.
import { ConfigurationError } from '../../token/errors/errors.js';
import type * as beside from './http-adapter.js';

/** Where somebody runs such a bundle with an axios that has the adapter all the same, no credential follows a redirect. */
export const hopGuard: typeof beside.hopGuard = () => () => {
  throw new ConfigurationError('This bundle is for browsers: bundle for Node to follow redirects by axios there');
};

/** As the http adapter is not there, nothing has to be stopped. */
export const stoppingHttp: typeof beside.stoppingHttp = (send) => send;

export const asCallerLeavesIt: typeof beside.asCallerLeavesIt = (next) => next;

export const printable: typeof beside.printable = (config) => config;

export const mayLeadToSocket: typeof beside.mayLeadToSocket = () => false;

export const hideSockets: typeof beside.hideSockets = () => undefined;

export const tameToJson: typeof beside.tameToJson = () => undefined;

export const noteRawBody: typeof beside.noteRawBody = () => undefined;

export const forgetRawBody: typeof beside.forgetRawBody = () => undefined;

export const isWhole: typeof beside.isWhole = () => false;

export const conceal: typeof beside.conceal = () => undefined;

export const watch: typeof beside.watch = () => undefined;
