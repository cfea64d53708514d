// What a stand-in accepts proves little: the client must also get along with a certified OpenID provider that checks
// client authentication, rotates refresh tokens and kills a family on reuse. oidc-provider runs in a process of its own.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startChild } from '../processes/child-server.js';

export interface OidcClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A client that signs assertions in place of a secret (RFC 7523), for client_credentials. */
export interface OidcAssertionClient {
  readonly clientId: string;
  readonly alg: string;
  /** Public keys only; absent: private_key_jwt is not what it uses. */
  readonly jwks?: { readonly keys: readonly object[] };
  /** What signs its assertions in place of a key: client_secret_jwt. */
  readonly clientSecret?: string;
}

/** A client that is known by its certificate (RFC 8705), for client_credentials with tokens that are bound to it. */
export interface OidcCertificateClient {
  readonly clientId: string;
  /** PEM. */
  readonly cert: string;
  /** It vouches for itself (self_signed_tls_client_auth); else its authority does (tls_client_auth). */
  readonly selfSigned: boolean;
}

/** A second entrance over TLS, which asks for certificates; published as `mtls_endpoint_aliases`. */
export interface OidcMtls {
  readonly server: { readonly key: string; readonly cert: string };
  /** The authority of clients that do not vouch for themselves, PEM. */
  readonly authority: string;
  readonly clients: readonly OidcCertificateClient[];
}

export interface OidcCounters {
  /** POSTs to the token endpoint, those during a pause included. */
  readonly tokenRequests: number;
  readonly granted: number;
  /** Refused by the provider; a 503 during a pause is not a refusal. */
  readonly refused: number;
  /** Rotated refresh tokens presented again. */
  readonly refreshReuses: number;
  /** Assertions presented again, judged by their jti. */
  readonly assertionReplays: number;
  /** DPoP proofs presented again to the token endpoint, judged by their jti. */
  readonly proofReplays: number;
  readonly introspections: number;
  readonly revocations: number;
}

export interface OidcSignIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface OidcProviderOptions {
  /** Life of access tokens in seconds, default 300. */
  readonly accessTokenSeconds?: number;
  /** Clients beside those with a secret; default none. */
  readonly assertionClients?: readonly OidcAssertionClient[];
  /** Clients with certificates; default none, and no TLS. */
  readonly mtls?: OidcMtls | undefined;
  /** What may be granted besides openid and offline_access; default ['api']. */
  readonly scopes?: readonly string[];
  /** Whether each DPoP proof must hold a nonce of the provider, default false; proofs without one are taken then. */
  readonly dpopNonces?: boolean;
}

export interface OidcProvider {
  readonly issuer: string;
  readonly tokenUrl: string;
  readonly introspectionUrl: string;
  readonly revocationUrl: string;
  readonly jwksUrl: string;
  /** Answers GET with the claims of a token of scope openid: an API that knows DPoP. */
  readonly userinfoUrl: string;
  /**
   * basic: client_secret_basic and client_credentials; post: client_secret_post and client_credentials; rotating:
   * client_secret_basic and refresh_token, rotated at each use, the family revoked on reuse.
   */
  readonly clients: Readonly<Record<'basic' | 'post' | 'rotating', OidcClient>>;
  /** A public client: code with PKCE, device codes, rotating refresh tokens. */
  readonly nativeClient: { readonly clientId: string; readonly redirectUri: string };
  /** Where a sign-in by the code flow begins. */
  readonly authorizationUrl: string;
  /** Where a sign-in on another device begins (RFC 8628). */
  readonly deviceAuthorizationUrl: string;
  counters(): Promise<OidcCounters>;
  /** A browser login of the rotating client, without the browser. Default scope 'openid offline_access api'. */
  signIn(options?: { readonly scope?: string }): Promise<OidcSignIn>;
  /**
   * What a browser does that is sent to `url` of the rotating or the native client, signs in and agrees to everything. The redirect URI is
   * https://client.example/callback.
   * @returns where it is sent in the end
   */
  authorize(url: string): Promise<string>;
  /** What a person does on the page of a device's code, the code being in its URL: confirms it, or denies it. */
  confirmDevice(device: { readonly url: string; readonly deny?: boolean }): Promise<'confirmed' | 'denied'>;
  /** Life in seconds of access tokens issued from now on. */
  setTokenLife(seconds: number): Promise<void>;
  /** The token endpoint answers 503 until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Whether an access token is good right now, without HTTP. */
  isActive(token: string): Promise<boolean>;
  stop(): Promise<void>;
}

interface Ready {
  readonly issuer: string;
}

/** What servers/oidc-provider.mjs answers to each question. */
interface Answers {
  readonly counters: OidcCounters;
  readonly signIn: OidcSignIn;
  readonly authorize: string;
  readonly confirmDevice: 'confirmed' | 'denied';
  readonly setTokenLife: undefined;
  readonly pause: undefined;
  readonly resume: undefined;
  readonly isActive: boolean;
}

// Secrets with characters that must be form-encoded before they go into Basic (RFC 6749, 2.3.1).
const clients = {
  basic: { clientId: 'basic-client', clientSecret: 'basic secret: 100% +more/=&?' },
  post: { clientId: 'post-client', clientSecret: 'post secret: 100% +more/=&?' },
  rotating: { clientId: 'rotating-client', clientSecret: 'rotating secret: 100% +more/=&?' },
};

const nativeClient = { clientId: 'native-client', redirectUri: 'https://client.example/callback' };

/** Starts oidc-provider on a free loopback port. */
export async function startOidcProvider(options: OidcProviderOptions = {}): Promise<OidcProvider> {
  const { accessTokenSeconds = 300, assertionClients = [], scopes = ['api'], mtls, dpopNonces = false } = options;
  const settings = {
    accessTokenSeconds,
    assertionClients,
    scopes,
    clients,
    nativeClient,
    mtls,
    dpopNonces,
  };
  const child = await startChild<Ready, Answers>(scriptPath(), settings);
  const { issuer } = child.ready;
  return {
    issuer,
    tokenUrl: `${issuer}/token`,
    introspectionUrl: `${issuer}/token/introspection`,
    revocationUrl: `${issuer}/token/revocation`,
    jwksUrl: `${issuer}/jwks`,
    userinfoUrl: `${issuer}/me`,
    clients,
    nativeClient,
    authorizationUrl: `${issuer}/auth`,
    deviceAuthorizationUrl: `${issuer}/device/auth`,
    counters: () => child.ask('counters'),
    signIn: (login) => child.ask('signIn', login),
    authorize: (url) => child.ask('authorize', url),
    confirmDevice: (device) => child.ask('confirmDevice', device),
    setTokenLife: (seconds) => child.ask('setTokenLife', seconds),
    pause: () => child.ask('pause'),
    resume: () => child.ask('resume'),
    isActive: (token) => child.ask('isActive', token),
    stop: () => child.stop(),
  };
}

/** Found through the package's own name, since the same sources are built as ESM and as CommonJS. */
function scriptPath(): string {
  const paths = [process.cwd(), dirname(process.argv[1] ?? '')];
  const { resolve } = createRequire(join(process.cwd(), 'x.js'));
  return join(dirname(resolve('@axios-authorizer/test-kit/package.json', { paths })), 'servers', 'oidc-provider.mjs');
}
