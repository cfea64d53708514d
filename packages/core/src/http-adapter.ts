// What is there for axios's http adapter alone: for its redirects, for the agents and transports that it takes. A bundle for
// browsers, where axios has no such adapter, gets no-http-adapter.ts in its place.
export { heldTransport } from './held-transport.js';
export { hopGuard } from './hop.js';
export { hideSockets, printable, tameToJson } from './shown-config.js';
