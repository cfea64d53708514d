// Fetches a server's SMART configuration, once, and again when it turns out to be outdated.
import { AuthenticationError, isAuthenticationError } from '@axios-authorizer/core';
import { sendForm, endpointError, recordOf, parseObject, systemClock } from '@axios-authorizer/core/extend';
import type { Clock, Transport } from '@axios-authorizer/core';
import type { EndpointAnswer } from '@axios-authorizer/core/extend';
import { configurationUrl, parseConfiguration, shortcomings } from './smart-configuration.js';
import type { SmartConfiguration } from './smart-configuration.js';

export interface DiscoveryOptions {
  readonly baseUrl: string;
  readonly allowInsecure?: boolean | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
  /** Told what the document lacks. */
  readonly notice: (message: string) => void;
}

const MOST_REDIRECTS = 3;

export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #url: string;
  #known: SmartConfiguration | undefined;

  /** @throws ConfigurationError when `baseUrl` is no FHIR base */
  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#url = configurationUrl(options.baseUrl);
  }

  /**
   * The configuration as it was read last.
   * @throws AuthenticationError `discovery_failed` when there is no answer or none that can be read, ConfigurationError when
   *   it names no token endpoint
   */
  async read(signal?: AbortSignal): Promise<SmartConfiguration> {
    this.#known ??= await this.#fetch(signal);
    return this.#known;
  }

  /** The configuration as it is now; the one before stays when there is none. */
  async readAgain(signal?: AbortSignal): Promise<SmartConfiguration> {
    this.#known = await this.#fetch(signal);
    return this.#known;
  }

  async #fetch(signal: AbortSignal | undefined): Promise<SmartConfiguration> {
    const answer = await this.#ask(this.#url, signal, MOST_REDIRECTS);
    const document = parseObject(answer.text);
    if (answer.status !== 200)
      throw failed(endpointError(answer, document), `${answer.endpoint} answered ${answer.status}`);
    if (document === undefined) throw failed(`${answer.endpoint} answered something that is no JSON object`);
    const configuration = parseConfiguration(document, this.#options);
    for (const shortcoming of shortcomings(document))
      this.#options.notice(`The SMART configuration of ${this.#options.baseUrl} falls short: ${shortcoming}`);
    return configuration;
  }

  /** Redirects are followed by hand, so that each hop is judged; nothing secret is sent. */
  async #ask(url: string, signal: AbortSignal | undefined, redirects: number): Promise<EndpointAnswer> {
    const { allowInsecure, clock = systemClock } = this.#options;
    const transport = this.#transportFor(url);
    const headers = { Accept: 'application/json' };
    const answer = await sendForm({
      url,
      headers,
      allowInsecure,
      signal,
      transport,
      clock,
    }).catch((error: unknown) => {
      throw signal?.aborted ? hung(error) : failed(error);
    });
    const { location } = answer.headers;
    if (redirects === 0 || ![301, 302, 303, 307, 308].includes(answer.status) || typeof location !== 'string')
      return answer;
    return this.#ask(resolved(location, url), signal, redirects - 1);
  }

  /** Headers of the user's are meant for the FHIR base: they follow no redirect to another origin. */
  #transportFor(url: string): Transport | undefined {
    const { transport } = this.#options;
    if (transport?.headers === undefined || url.startsWith(`${new URL(this.#url).origin}/`)) return transport;
    const { headers: _stay, ...rest } = transport;
    return rest;
  }
}

/** @throws AuthenticationError `discovery_failed` when it is no URL */
function resolved(location: string, base: string): string {
  try {
    return new URL(location, base).href;
  } catch (cause) {
    throw failed(cause);
  }
}

/** The same failure, with what was being done; its kind stays, but no credentials were involved. */
function failed(cause: unknown, said?: string): AuthenticationError {
  const { kind, transient, retryAfterMs } = isAuthenticationError(cause) ? cause : UNREADABLE;
  const what = said ?? String(recordOf(cause)['message'] ?? cause);
  return new AuthenticationError(`SMART discovery failed: ${what}${adviceFor(cause, kind)}`, {
    code: 'discovery_failed',
    kind: kind === 'credentials' ? 'configuration' : kind,
    transient,
    retryAfterMs,
    cause,
  });
}

/** A certificate or an agent has advice of its own, and would be as wrong for the token endpoint. */
function adviceFor(cause: unknown, kind: AuthenticationError['kind']): string {
  const { code, status } = recordOf(cause);
  if (code === 'configuration') return '';
  return kind === 'unavailable' && status !== undefined ? AWAY : '; check baseUrl, or give tokenUrl';
}

/** It answered, so baseUrl is that of a server; only its configuration cannot be had now. */
const AWAY = '; the server is away or overloaded: try again later, or give tokenUrl';

/** The limit of an acquisition says what had not answered (C4); whatever else ended the wait is its owner's. */
function hung(error: unknown): unknown {
  const { code, message } = recordOf(error);
  if (code !== 'timeout') return error;
  return new AuthenticationError(`SMART discovery failed: ${String(message)}${AWAY}`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
    cause: error,
  });
}

const UNREADABLE: Pick<AuthenticationError, 'kind' | 'transient' | 'retryAfterMs'> = {
  kind: 'configuration',
  transient: false,
};
