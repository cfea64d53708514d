// Every option of every kind of service, once: the flags of the commands, the check of a configuration file, its JSON schema and
// the reference are made of this table.
import type { CognitoService, ItkdbService, OAuth2Service, ServiceKind, SmartService } from './types.js';

/** What an option takes; a list holds the texts that it may be. */
export type OptionForm = 'text' | 'url' | 'path' | 'words' | 'pairs' | 'switch' | 'port' | 'secret' | readonly string[];

export interface OptionSpec {
  readonly form: OptionForm;
  readonly about: string;
  /** Nothing works without it. */
  readonly needed?: true;
  /** The variable that is read where nothing says where a secret is. */
  readonly variable?: string;
}

type Table<S> = { readonly [K in Exclude<keyof S, 'kind'> & string]-?: OptionSpec };

const COMMON = {
  allowInsecure: { form: 'switch', about: 'plain http beyond this machine, on a network of your own' },
  checkUrl: { form: 'url', about: 'what a token of it may read, for the last check of `doctor`' },
} as const satisfies Record<string, OptionSpec>;

const KEYS = {
  passphrase: { form: 'secret', about: 'the passphrase of an encrypted key', variable: 'AXIOS_AUTHORIZER_PASSPHRASE' },
  signWith: { form: 'text', about: 'the kid of the key that signs' },
} as const satisfies Record<string, OptionSpec>;

const SECRET = {
  form: 'secret',
  about: "the client's secret",
  variable: 'AXIOS_AUTHORIZER_CLIENT_SECRET',
} as const satisfies OptionSpec;
const PASSWORD = {
  form: 'secret',
  about: "the user's password",
  variable: 'AXIOS_AUTHORIZER_PASSWORD',
} as const satisfies OptionSpec;

const smart: Table<SmartService> = {
  baseUrl: { form: 'url', about: 'the FHIR base URL', needed: true },
  clientId: { form: 'text', about: "the client's id, as it was registered", needed: true },
  keys: { form: 'path', about: 'the key file or the folder of keys', needed: true },
  ...KEYS,
  scope: { form: 'words', about: 'what is asked for (default: system/*.rs)' },
  tokenUrl: { form: 'url', about: 'the token endpoint (default: discovered)' },
  audience: { form: 'text', about: 'the `aud` of the assertion (default: the token endpoint)' },
  jku: { form: 'url', about: 'the registered URL of the key set, sent with each assertion' },
  parameters: { form: 'pairs', about: 'further parameters of the token request, name=value' },
  ...COMMON,
};

const itkdb: Table<ItkdbService> = {
  accessCode1: { form: 'secret', about: 'the first access code', variable: 'ITKDB_ACCESS_CODE1' },
  accessCode2: { form: 'secret', about: 'the second access code', variable: 'ITKDB_ACCESS_CODE2' },
  audience: { form: 'text', about: 'whom the login must be for (default: the production database)' },
  authUrl: { form: 'url', about: 'the login service (default: that of the production database)' },
  ...COMMON,
};

const cognito: Table<CognitoService> = {
  userPoolId: { form: 'text', about: 'the id of the user pool, such as eu-west-1_AbC123', needed: true },
  clientId: { form: 'text', about: "the app client's id", needed: true },
  clientSecret: SECRET,
  username: { form: 'text', about: "the user's name (default: asked for)" },
  password: PASSWORD,
  tokenUse: { form: ['access', 'id'], about: 'which token is used (default: access)' },
  authFlow: {
    form: ['USER_SRP_AUTH', 'CUSTOM_AUTH', 'USER_AUTH', 'USER_PASSWORD_AUTH'],
    about: 'how the sign-in begins (default: USER_SRP_AUTH)',
  },
  endpoint: { form: 'url', about: 'the URL of an emulator or a proxy (default: AWS)' },
  ...COMMON,
};

const oauth2: Table<OAuth2Service> = {
  grant: {
    form: ['client_credentials', 'password', 'refresh_token', 'authorization_code', 'device_code'],
    about: 'how tokens are granted (default: client_credentials)',
  },
  issuer: { form: 'url', about: 'the server, whose endpoints are then discovered' },
  tokenUrl: { form: 'url', about: 'the token endpoint (default: discovered)' },
  authorizationUrl: { form: 'url', about: 'where `login` opens the browser (default: discovered)' },
  deviceAuthorizationUrl: { form: 'url', about: 'where `login --device` begins (default: discovered)' },
  revocationUrl: { form: 'url', about: 'where `logout` revokes (default: discovered)' },
  clientId: { form: 'text', about: "the client's id", needed: true },
  clientSecret: SECRET,
  clientAuthentication: {
    form: ['basic', 'post', 'none', 'private_key_jwt'],
    about: 'how the client authenticates (default: by keys, else by its secret, else not)',
  },
  keys: { form: 'path', about: 'the key file or the folder of keys, for private_key_jwt' },
  ...KEYS,
  scope: { form: 'words', about: "what is asked for (default: the server's choice)" },
  parameters: {
    form: 'pairs',
    about: 'further parameters of token requests and sign-ins, name=value, such as audience',
  },
  username: { form: 'text', about: "the user's name, for the password grant (default: asked for)" },
  password: PASSWORD,
  refreshToken: {
    form: 'secret',
    about: 'the refresh token, for that grant',
    variable: 'AXIOS_AUTHORIZER_REFRESH_TOKEN',
  },
  redirectPort: { form: 'port', about: 'the port of the redirect on this machine (default: a free one)' },
  ...COMMON,
};

/** The options of each kind, by their names in a configuration file. */
export const SERVICE_OPTIONS: Readonly<Record<ServiceKind, Readonly<Record<string, OptionSpec>>>> = {
  smart,
  itkdb,
  cognito,
  oauth2,
};

/** The kinds, as commands name them. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table above
export const KINDS: readonly ServiceKind[] = Object.keys(SERVICE_OPTIONS) as ServiceKind[];

/** What each kind is, for help. */
export const KIND_ABOUT: Readonly<Record<ServiceKind, string>> = {
  smart: 'a FHIR server behind SMART Backend Services',
  itkdb: 'the ITk production database',
  cognito: 'a user of an AWS Cognito user pool',
  oauth2: 'any OAuth 2 authorization server',
};

/** What a service of a configuration may be called; not as a kind is. */
export const SERVICE_NAME: RegExp = /^\w[\w.-]{0,63}$/;

export function isKind(name: string): name is ServiceKind {
  return Object.hasOwn(SERVICE_OPTIONS, name);
}

/** `tokenUrl` as an argument: `--token-url`; a secret's says where it is read from: `--client-secret-from`. */
export function flagOf(name: string, { form }: Pick<OptionSpec, 'form'>): string {
  const words = name === 'parameters' ? 'parameter' : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--${words}${form === 'secret' ? '-from' : ''}`;
}
