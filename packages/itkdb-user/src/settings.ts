// The settings of the original, from the environment when they are asked for. This is the only file that reads it.

/** The settings by the names of their environment variables. */
export interface Settings {
  /** The first access code. Default: "", none. */
  readonly ITKDB_ACCESS_CODE1: string;
  /** The second access code. Default: "", none. */
  readonly ITKDB_ACCESS_CODE2: string;
  /** A static bearer for `UserBearer`. */
  readonly ITKDB_AUDREYTWO_API_KEY: string;
  /** The scope that a login asks for. Default: "openid" and the production database. */
  readonly ITKDB_ACCESS_SCOPE: string;
  /** Whom the id token must be for. Default: the production database. */
  readonly ITKDB_ACCESS_AUDIENCE: string;
  /** The login service; ends in "/". */
  readonly ITKDB_AUTH_URL: string;
  /** The database; ends in "/". This is production. */
  readonly ITKDB_API_URL: string;
  /** How much clocks may differ, in seconds. */
  readonly ITKDB_LEEWAY: string;
}

const DEFAULTS: Settings = {
  ITKDB_ACCESS_CODE1: '',
  ITKDB_ACCESS_CODE2: '',
  ITKDB_AUDREYTWO_API_KEY: '',
  ITKDB_ACCESS_SCOPE: 'openid https://itkpd.unicornuniversity.net',
  ITKDB_ACCESS_AUDIENCE: 'https://itkpd.unicornuniversity.net',
  ITKDB_AUTH_URL: 'https://uuidentity.plus4u.net/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/oidc/',
  ITKDB_API_URL: 'https://itkpd.unicornuniversity.net/',
  ITKDB_LEEWAY: '2',
};

function gettersOf(defaults: Settings): PropertyDescriptorMap {
  const getters: PropertyDescriptorMap = {};
  for (const [name, value] of Object.entries(defaults)) {
    const get = (): string => process.env[name] || String(value);
    getters[name] = { get, enumerable: !SECRET.test(name), configurable: true };
  }
  return getters;
}

/** What printing the settings does not show. */
const SECRET = /CODE|KEY/;

/**
 * The settings of itkdb, each as the environment has it now; what is not set there is the original's default.
 *
 * @example
 * ```ts
 * const url = settings.ITKDB_API_URL; // read from the environment at each look
 * ```
 */
export const settings: Settings = Object.defineProperties({ ...DEFAULTS }, gettersOf(DEFAULTS));
