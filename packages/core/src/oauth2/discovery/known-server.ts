// What one source knows of its server: read when it is first needed, one reading at a time, and again when it is old or the
// endpoint has moved. A reading that fails leaves what was known before.
import { abortable, systemClock } from '../../internal/clock.js';
import { recordOf } from '../../internal/records.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import type { ClientAuth } from '../client-auth/client-auth.js';
import type { DiscoveryOptions } from './documents.js';
import { readServer } from './discover-server.js';
import type { ServerMetadata } from './server-metadata.js';

/** Servers change their endpoints on a scale of months, and what they take on a scale of days. */
const MAX_AGE_MS = 6 * 3_600_000;

interface Known {
  readonly metadata: ServerMetadata;
  readonly readAt: number;
}

/** A request to an endpoint that the server publishes. */
export interface PublishedEndpoint<R> {
  /** The endpoint in the server's metadata. */
  readonly url: (server: ServerMetadata) => string;
  readonly send: (url: string, server: ServerMetadata) => Promise<R>;
  readonly signal: AbortSignal;
}

export class KnownServer {
  readonly #issuer: string;
  readonly #options: Omit<DiscoveryOptions, 'signal'>;
  #known: Known | undefined;
  #reading: Promise<Known> | undefined;

  /** @param options are checked already */
  constructor(issuer: string, { transport, allowInsecure, clock }: DiscoveryOptions) {
    this.#issuer = issuer;
    this.#options = { transport, allowInsecure, clock };
  }

  /** @throws as `discoverServer` does, when nothing was ever read */
  async metadata(signal: AbortSignal): Promise<ServerMetadata> {
    return (await this.#current(signal)).metadata;
  }

  /** Sends to the endpoint, and once more where that turns out to have moved. */
  async at<R>({ url, send, signal }: PublishedEndpoint<R>): Promise<R> {
    const startedAt = this.#now();
    const known = await this.#current(signal);
    try {
      return await send(url(known.metadata), known.metadata);
    } catch (error) {
      if (!isOutdated(error) || known.readAt >= startedAt) throw error;
      const { metadata } = await this.#readAgain(signal).catch(() => known);
      if (url(metadata) === url(known.metadata)) throw error;
      return send(url(metadata), metadata);
    }
  }

  async #current(signal: AbortSignal): Promise<Known> {
    const known = this.#known;
    if (known === undefined) return this.#readAgain(signal);
    if (Math.abs(this.#now() - known.readAt) < MAX_AGE_MS) return known;
    return this.#readAgain(signal).catch(() => this.#keep({ ...known, readAt: this.#now() }));
  }

  /** The reading has a limit of its own: a caller that leaves does not end it for others. */
  #readAgain(signal: AbortSignal): Promise<Known> {
    this.#reading ??= readServer(this.#issuer, this.#options)
      .then((metadata) => this.#keep({ metadata, readAt: this.#now() }))
      .finally(() => {
        this.#reading = undefined;
      });
    return abortable(this.#reading, signal);
  }

  #keep(known: Known): Known {
    this.#known = known;
    return known;
  }

  #now(): number {
    return (this.#options.clock ?? systemClock).now();
  }
}

/**
 * Whether a failed request suggests that its endpoint has moved: the place is empty, leads elsewhere, or its host has no address.
 *
 * @example
 * ```ts
 * const hasMoved = isOutdated(error); // then the server's configuration is worth another reading
 * ```
 */
export function isOutdated(error: unknown): boolean {
  const { status, cause } = recordOf(error);
  return MOVED_STATUSES.has(status) || isUnresolved(cause) || isUnresolved(recordOf(cause)['cause']);
}

const MOVED_STATUSES = new Set<unknown>([301, 302, 303, 307, 308, 404, 410]);
/** The host has no address. */
const UNRESOLVED = new Set<unknown>(['ENOTFOUND', 'EAI_AGAIN']);

/** Of the http adapter the cause itself, of fetch the cause's cause. */
function isUnresolved(cause: unknown): boolean {
  return UNRESOLVED.has(recordOf(cause)['code']);
}

/** @throws ConfigurationError when the server takes no proofs by that algorithm (RFC 9449 section 5.1) */
export function assertProofAlg(
  alg: string | undefined,
  { issuer, dpopSigningAlgs: listed = [] }: ServerMetadata,
): void {
  if (alg === undefined || listed.length === 0 || listed.includes(alg)) return;
  throw new ConfigurationError(
    `\`dpop\` signs ${alg}, and ${issuer} takes ${listed.join(', ').slice(0, 300)}: make it by dpopProof({ alg }) with one of these`,
  );
}

/**
 * `none` is not judged: Entra ID and Cognito have public clients and do not list it.
 * @throws ConfigurationError when the server takes no authentication of that kind
 */
export function assertAuthMethod(
  { traits }: ClientAuth,
  { issuer, tokenEndpointAuthMethods: listed }: ServerMetadata,
): void {
  if (traits === undefined || listed === undefined || listed.length === 0) return;
  if (traits.methods.some((method) => method === 'none' || listed.includes(method))) return;
  throw new ConfigurationError(
    `\`clientAuth\` is ${traits.methods.join(' or ')}, and ${issuer} takes ${listed.join(', ').slice(0, 300)}: use one that it takes, and that the client is registered for`,
  );
}
