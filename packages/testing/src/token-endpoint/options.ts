// What a token endpoint can be told: the options, their defaults, and what cannot be meant.
import { ConfigurationError } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { randomText } from '../random-text.js';
import { assertDelay } from '../server/failures.js';
import type { SignIns } from '../sign-in/page.js';
import type { TokenCall, TokenDeskOptions } from './desk.js';
import type { EndpointRequest, SiteOptions } from './site.js';

/** The options of `startTokenEndpoint`: its one client, and the tokens that it issues. */
export interface TokenEndpointOptions {
  /** How long access tokens are good, in seconds; null: `expires_in` is left out, and they do not expire. Default: 3600. */
  readonly lifetimeS?: number | null | undefined;
  /** Whether sign-ins (password, authorization code) bring a refresh token. Default: true. */
  readonly refreshTokens?: boolean | undefined;
  /** Whether each refresh issues a new refresh token and spends the old one; a spent one ends its session. Default: false. */
  readonly rotateRefreshTokens?: boolean | undefined;
  /** The only client that may ask. Default: "test-client". */
  readonly clientId?: string | undefined;
  /** Its secret, by Basic or in the form; null for a public client. Default: a made-up one. */
  readonly clientSecret?: string | null | undefined;
  /**
   * Whether tokens are bound to a key (RFC 9449): each token request must then carry a DPoP proof, and `startApi({ accepts })`
   * wants one as well. Default: false, proofs are ignored.
   */
  readonly dpop?: boolean | undefined;
  /** Whether proofs must hold a nonce of this server (RFC 9449 section 8). Default: false. */
  readonly dpopNonces?: boolean | undefined;
  /**
   * What people say on the pages of `authorizationUrl` and of user codes: they are asked ('ask'), or it is said at once without
   * a page. `approve` or `decline` in the query of one URL says it for that sign-in. Default: 'ask'.
   */
  readonly signIns?: SignIns | undefined;
  /** How often a device may ask, in seconds (RFC 8628): sooner is `slow_down`, and 5 s more from then on. Default: 5. */
  readonly deviceIntervalS?: number | undefined;
  /** How long the codes of a device are good, in seconds. Default: 600. */
  readonly deviceLifetimeS?: number | undefined;
  /** How long each answer takes, in milliseconds of real time. Default: 0. */
  readonly delayMs?: number | undefined;
  /** The port to listen on. Default: a free one. */
  readonly port?: number | undefined;
  /** Told of each request for a token once it was answered. Default: nobody is. */
  readonly onCall?: ((call: TokenCall) => void) | undefined;
  /** Told of each request of another kind once it was answered: sign-ins, metadata, introspection, revocation. Default: nobody is. */
  readonly onRequest?: ((request: EndpointRequest) => void) | undefined;
  /** Time, by which tokens and codes expire and proofs are judged; that of `manualClock()`, for instance. Default: the system's. */
  readonly clock?:
    | {
        /** In ms since the epoch. */
        now(): number;
      }
    | undefined;
}

export const OPTIONS: OptionTable<TokenEndpointOptions> = {
  lifetimeS: 'any',
  refreshTokens: 'any',
  rotateRefreshTokens: 'any',
  clientId: 'string',
  clientSecret: 'any',
  dpop: 'any',
  dpopNonces: 'any',
  signIns: ['ask', 'approve', 'decline'],
  deviceIntervalS: 'positive',
  deviceLifetimeS: 'positive',
  delayMs: 'any',
  port: 'any',
  onCall: 'function',
  onRequest: 'function',
  clock: 'object',
};

/** The only client of an endpoint; its secret is the empty string where it has none. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

type SignInSettings = Omit<SiteOptions, 'clock' | 'proofs' | 'tokens' | 'issuer'>;

export const systemTime = { now: (): number => Date.now() };

/** @throws ConfigurationError for what is neither a text nor null */
export function secretOf({ clientSecret = `fake-client-secret-${randomText()}` }: TokenEndpointOptions): string {
  if (clientSecret === null || typeof clientSecret === 'string') return clientSecret ?? '';
  throw new ConfigurationError('`clientSecret` of startTokenEndpoint must be a string, or null for a public client');
}

/** How people sign in. */
export function signInsOf(options: TokenEndpointOptions, client: Client): SignInSettings {
  const { signIns = 'ask', deviceIntervalS = 5, deviceLifetimeS = 600, onRequest } = options;
  const isPublic = client.clientSecret === '';
  return { ...client, isPublic, signIns, intervalS: deviceIntervalS, lifetimeS: deviceLifetimeS, onRequest };
}

/** How tokens are issued. @throws ConfigurationError for a lifetime that is none */
export function tokensOf(options: TokenEndpointOptions): TokenDeskOptions {
  const { lifetimeS = 3600, refreshTokens = true, rotateRefreshTokens = false, delayMs = 0, clock, onCall } = options;
  assertDelay(delayMs, 'startTokenEndpoint');
  if (lifetimeS !== null && (typeof lifetimeS !== 'number' || !(lifetimeS > 0)))
    throw new ConfigurationError('`lifetimeS` of startTokenEndpoint must be a number of seconds above 0, or null');
  return {
    expiresIn: lifetimeS,
    refreshTokens: refreshTokens && (rotateRefreshTokens ? 'rotating' : 'fixed'),
    prefix: `fake-access-token-${randomText()}`,
    refreshPrefix: `fake-refresh-token-${randomText()}`,
    delayMs,
    ...(onCall && { onCall }),
    clock: clock ?? systemTime,
  };
}
