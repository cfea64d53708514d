// Where the requests of a source go: to the URLs that its options say, or to those that its issuer publishes.
import { ConfigurationError } from '../../token/errors/errors.js';
import { sendAs } from '../client-auth/client-auth.js';
import type { ClientAuth } from '../client-auth/client-auth.js';
import { assertAuthMethod, assertProofAlg, KnownServer } from '../discovery/known-server.js';
import type { ServerEndpoints, ServerMetadata } from '../discovery/server-metadata.js';
import type { OAuth2SourceOptions } from './source-options.js';

/** Where a request goes, and how its client authenticates there. */
export interface RequestTarget {
  readonly url: string;
  readonly clientAuth: ClientAuth;
}

/** A request that is to be sent. */
interface ServerRequest<R> {
  /** Which endpoint, by its name in the metadata. */
  readonly endpoint: keyof ServerEndpoints;
  readonly send: (target: RequestTarget) => Promise<R>;
  readonly signal: AbortSignal;
  /** `grant_type`, where it asks for a token. */
  readonly grantType?: string | undefined;
  readonly notice?: ((message: string) => void) | undefined;
}

/** The authorization server of a source. */
export interface ServerAccess {
  /**
   * Sends to one of its endpoints, and once more where that has moved.
   * @throws ConfigurationError before anything is sent, when it has no such endpoint or does not take this client authentication
   */
  readonly at: <R>(request: ServerRequest<R>) => Promise<R>;
  /** What it says of itself; undefined when the source was given URLs. */
  readonly metadata: (signal: AbortSignal) => Promise<ServerMetadata | undefined>;
}

/** @param urls those that the options say, by the names of the metadata; they come before what is published */
export function serverAccess(options: OAuth2SourceOptions, urls: ServerEndpoints): ServerAccess {
  const { issuer, clientAuth, clock, dpop } = options;
  const send = <R>(url: string, request: ServerRequest<R>, server?: ServerMetadata): Promise<R> => {
    const { grantType, notice } = request;
    if (server !== undefined) assertProofAlg(dpop?.alg, server);
    const target = { url, clientAuth: server === undefined ? clientAuth : withServer(clientAuth, server) };
    return sendAs(clientAuth, { url, clock, grantType, notice }, () => request.send(target));
  };
  if (issuer === undefined) {
    return { metadata: async () => undefined, at: async (request) => send(urls[request.endpoint] ?? '', request) };
  }
  const known = new KnownServer(issuer, options);
  return {
    metadata: (signal) => known.metadata(signal),
    at: (request) =>
      known.at({
        signal: request.signal,
        url: (server) => urls[request.endpoint] ?? publishedUrl(request.endpoint, server, clientAuth),
        send: (url, server) => send(url, request, server),
      }),
  };
}

/** @throws ConfigurationError when the server does not take it */
function withServer(clientAuth: ClientAuth, server: ServerMetadata): ClientAuth {
  assertAuthMethod(clientAuth, server);
  return (request) => clientAuth({ ...request, server });
}

/** For a client with a certificate the one at which that is asked for (RFC 8705 section 5). */
function publishedUrl(name: keyof ServerEndpoints, server: ServerMetadata, { traits }: ClientAuth): string {
  const alias = traits?.boundTo && server.mtlsEndpointAliases?.[name];
  const url = alias ?? server[name];
  if (url === undefined) throw new ConfigurationError(`${server.issuer} publishes no ${name}: give its URL yourself`);
  return url;
}
