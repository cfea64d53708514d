// What the sessions share: a session is a real axios instance that is made with `new` and has members of its own.
import axios from 'axios';
import type { AxiosInstance, CreateAxiosDefaults } from 'axios';
import { attachAuth } from '../axios/attach.js';
import type { AttachAuthOptions } from '../axios/attach.js';
import { internalsOf } from '../authorizer/internals.js';
import type { Authorizer } from '../authorizer.js';
import { ownOptions } from '../internal/records.js';
import { hideSockets } from '../axios/http/http-adapter.js';

/**
 * An axios config that also says where the token may go; the originals' sessions carry no URL, so one of them is needed.
 * `timeout` is 20 000 ms unless it is given; 0 is none.
 */
export interface SessionConfig extends CreateAxiosDefaults {
  /** URL prefixes that may see the token. Default: `baseURL`; neither is an error. */
  readonly allow?: AttachAuthOptions['allow'] | undefined;
  /** Lets the token go over plain http beyond this machine. Default: false. */
  readonly allowInsecure?: boolean | undefined;
}

/** As the originals' sessions: a request that nobody answers does not wait for ever. */
const DEFAULT_TIMEOUT_MS = 20_000;

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor does return an axios instance
export interface ClientSession extends AxiosInstance {}

/**
 * The base of the sessions: an axios client, callable like any other, that is made with `new` and sends a token. Subclasses add
 * members of their own.
 * @throws ConfigurationError when `config` has neither `allow` nor `baseURL`
 *
 * @example
 * ```ts
 * const session = new ClientSession(authorizer, { baseURL: 'https://api.example.org' });
 * await session.get('/reports');
 * ```
 */
export class ClientSession {
  static {
    Object.setPrototypeOf(this.prototype, Function.prototype);
  }

  constructor(authorizer: Authorizer, config?: SessionConfig, options: AttachAuthOptions = {}) {
    internalsOf(authorizer); // what is missing is named before anything else is looked at
    const { allow, allowInsecure = false, ...defaults } = ownOptions(config);
    const client = axios.create({ ...defaults, timeout: defaults.timeout ?? DEFAULT_TIMEOUT_MS });
    hideSockets(client.defaults);
    attachAuth(client, authorizer, { allow, allowInsecure, ...options });
    Object.setPrototypeOf(client, new.target.prototype);
    return client;
  }
}
