// The shape of a service, as a configuration file names it. What each member means for a command line stands beside it, in
// options.ts; the compiler sees to it that both have the same members.

/**
 * Where a secret is read from, never the secret itself: `env:NAME`, `file:PATH`, `command:LINE` (run by the shell; its first
 * line counts), `keyring:HELPER:ENTRY` (a docker-credential helper, such as `keyring:secretservice:https://auth.example.org`)
 * or `prompt`.
 */
export type SecretSource =
  `env:${string}` | `file:${string}` | `command:${string}` | `keyring:${string}:${string}` | 'prompt';

/** What every service has. */
export interface CommonService {
  /** Lets its requests go over plain http beyond this machine, where nobody else is on the network. Default: false. */
  readonly allowInsecure?: boolean;
  /** A URL that a token of it may read, for the last check of `doctor`. Default: none. */
  readonly checkUrl?: string;
}

/** A FHIR server behind SMART Backend Services. */
export interface SmartService extends CommonService {
  /** Which kind of service it is. */
  readonly kind: 'smart';
  /** The FHIR base URL. */
  readonly baseUrl: string;
  /** The client's id, as it was registered. */
  readonly clientId: string;
  /** The key file or the folder of keys. */
  readonly keys: string;
  /** Of an encrypted key. Default: it is not encrypted. */
  readonly passphrase?: SecretSource;
  /** The kid of the key that signs. Default: the oldest. */
  readonly signWith?: string;
  /** What is asked for. Default: "system/*.rs". */
  readonly scope?: string | readonly string[];
  /** The token endpoint. Default: discovered. */
  readonly tokenUrl?: string;
  /** `aud` of the assertion. Default: the token endpoint. */
  readonly audience?: string;
  /** The registered URL of the key set, sent with each assertion. Default: not sent. */
  readonly jku?: string;
  /** Further parameters of the token request. Default: none. */
  readonly parameters?: Readonly<Record<string, string | readonly string[]>>;
}

/** The ITk production database. */
export interface ItkdbService extends CommonService {
  /** Which kind of service it is. */
  readonly kind: 'itkdb';
  /** Default: `env:ITKDB_ACCESS_CODE1`, else asked for. */
  readonly accessCode1?: SecretSource;
  /** Default: `env:ITKDB_ACCESS_CODE2`, else asked for. */
  readonly accessCode2?: SecretSource;
  /** Whom the login must be for. Default: the production database. */
  readonly audience?: string;
  /** The login service. Default: that of the production database. */
  readonly authUrl?: string;
}

/** A user of an AWS Cognito user pool. */
export interface CognitoService extends CommonService {
  /** Which kind of service it is. */
  readonly kind: 'cognito';
  /** The id of the user pool, such as "eu-west-1_AbC123". */
  readonly userPoolId: string;
  /** The app client's id. */
  readonly clientId: string;
  /** The app client's secret. Default: it has none. */
  readonly clientSecret?: SecretSource;
  /** The user's name. Default: asked for. */
  readonly username?: string;
  /** The user's password. Default: asked for. */
  readonly password?: SecretSource;
  /** Which token is used. Default: access. */
  readonly tokenUse?: 'access' | 'id';
  /** How the sign-in begins. Default: USER_SRP_AUTH. */
  readonly authFlow?: 'USER_SRP_AUTH' | 'CUSTOM_AUTH' | 'USER_AUTH' | 'USER_PASSWORD_AUTH';
  /** The URL of an emulator or a proxy. Default: AWS. */
  readonly endpoint?: string;
}

/** Any OAuth 2 authorization server. */
export interface OAuth2Service extends CommonService {
  /** Which kind of service it is. */
  readonly kind: 'oauth2';
  /** How tokens are granted; the last two begin with `login`. Default: client_credentials. */
  readonly grant?: 'client_credentials' | 'password' | 'refresh_token' | 'authorization_code' | 'device_code';
  /** The server, whose endpoints are then discovered (RFC 8414). Default: the endpoints are given. */
  readonly issuer?: string;
  /** The token endpoint. Default: discovered. */
  readonly tokenUrl?: string;
  /** Where `login` opens the browser. Default: discovered. */
  readonly authorizationUrl?: string;
  /** Where `login --device` begins. Default: discovered. */
  readonly deviceAuthorizationUrl?: string;
  /** Where `logout` revokes. Default: discovered, else logout only forgets. */
  readonly revocationUrl?: string;
  /** The client's id. */
  readonly clientId: string;
  /** The client's secret. Default: a public client. */
  readonly clientSecret?: SecretSource;
  /** How the client authenticates. Default: by its keys if there are some, else by its secret (basic), else not at all. */
  readonly clientAuthentication?: 'basic' | 'post' | 'none' | 'private_key_jwt';
  /** The key file or the folder of keys, for private_key_jwt. Default: none. */
  readonly keys?: string;
  /** Of an encrypted key. Default: it is not encrypted. */
  readonly passphrase?: SecretSource;
  /** The kid of the key that signs. Default: the oldest. */
  readonly signWith?: string;
  /** What is asked for. Default: the server's choice. */
  readonly scope?: string | readonly string[];
  /** Further parameters of the token request, such as `audience`. Default: none. */
  readonly parameters?: Readonly<Record<string, string | readonly string[]>>;
  /** The user's name, for the password grant. Default: asked for. */
  readonly username?: string;
  /** The user's password. Default: asked for. */
  readonly password?: SecretSource;
  /** The refresh token, for that grant. Default: what is stored. */
  readonly refreshToken?: SecretSource;
  /** The port of the redirect on this machine, where the server wants a fixed one. Default: a free one (RFC 8252). */
  readonly redirectPort?: number;
}

/** One service. */
export type ServiceSettings = SmartService | ItkdbService | CognitoService | OAuth2Service;

/** What a service is. */
export type ServiceKind = ServiceSettings['kind'];

/** The services that `axios-authorizer` knows by name, and how their tokens are kept. */
export interface CliConfig {
  /** A service by its name, as commands name it: letters, digits, "-", "_" and "."; not the name of a kind. */
  readonly services: Readonly<Record<string, ServiceSettings>>;
  /** The key that seals stored tokens: 32 bytes in base64. Default: they are files that only you can read. */
  readonly storeKey?: SecretSource;
}
