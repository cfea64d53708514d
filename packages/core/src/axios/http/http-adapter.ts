// What is there for Node and axios's http adapter alone: its redirects, the agents that it takes, its streams and
// raw requests. A bundle for browsers, where axios has no such adapter, gets no-http-adapter.ts in its place.
export { asCallerLeavesIt, stoppingHttp } from './by-hand.js';
export { hopGuard } from './hop.js';
export { forgetRawBody, isWhole, noteRawBody } from './raw-body.js';
export { conceal, watch } from './raw-request.js';
export { hideSockets, mayLeadToSocket, printable, tameToJson } from './shown-config.js';
