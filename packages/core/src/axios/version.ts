// An axios older than the peer range drops what confinement stands on (`sensitiveHeaders`, the adapters' own reading of a
// config), or the token itself, without a word. So it is told before anything is sent.
import axios from 'axios';
import { ConfigurationError } from '../token/errors/errors.js';
import { isObject, recordOf } from '../internal/records.js';

const OLDEST = '1.18.0';
const OLDEST_MAJOR = 1;
const OLDEST_MINOR = 18;

/** @throws ConfigurationError when the axios that core found, or the one that made `client`, is too old */
export function assertAxios(client?: object): void {
  const version: unknown = axios.VERSION;
  if (typeof version === 'string' && isTooOld(version)) throw tooOld(`axios ${version} is installed`);
  if (client !== undefined && isOfOldAxios(client))
    throw tooOld(`The client was made by an axios older than ${OLDEST} (core itself found ${String(version)})`);
}

/** Whether it is axios's 1.18, which hands an error that comes before the adapter to no response interceptor. */
export function isOldestAxios(): boolean {
  const version: unknown = axios.VERSION;
  return typeof version === 'string' && version.startsWith(`${OLDEST_MAJOR}.${OLDEST_MINOR}.`);
}

function isTooOld(version: string): boolean {
  const [major = NaN, minor = NaN] = version.split('.').map(Number);
  return major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR);
}

/**
 * A client does not tell its version. Since 1.18.0 axios has this transitional option, and refuses such a URL; an application
 * may have replaced the one, but hardly both.
 */
function isOfOldAxios(client: object): boolean {
  const getUri: unknown = Reflect.get(client, 'getUri');
  const { transitional } = recordOf(Reflect.get(client, 'defaults'));
  if (!isObject(transitional) || 'validateStatusUndefinedResolves' in transitional || typeof getUri !== 'function')
    return false;
  try {
    Reflect.apply(getUri, client, [{ url: 'http:host' }]);
    return true;
  } catch {
    return false;
  }
}

function tooOld(found: string): ConfigurationError {
  return new ConfigurationError(
    `${found}, but axios-authorizer needs at least ${OLDEST}: run "npm install axios@^${OLDEST}" ("npm ls axios" shows who brings another)`,
  );
}
