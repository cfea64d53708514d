// What the sessions share: a session is a real axios instance that is made with `new` and has members of its own.
import axios from 'axios';
import type { AxiosInstance, CreateAxiosDefaults } from 'axios';
import { attachAuth } from './attach-auth.js';
import type { AttachAuthOptions } from './attach-auth.js';
import type { Authorizer } from './authorizer.js';

/** An axios config that also says where the token may go; the originals' sessions carry no URL, so one of them is needed. */
export interface SessionConfig extends CreateAxiosDefaults {
  /** URL prefixes that may see the token. Default: `baseURL`; neither is an error. */
  readonly allow?: AttachAuthOptions['allow'];
  readonly allowInsecure?: boolean;
}

/** A constructor whose `this` becomes the axios instance it makes, so that subclasses add members to a callable. */
export const ClientSession: new (
  authorizer: Authorizer,
  config: SessionConfig | undefined,
  options?: AttachAuthOptions,
) => AxiosInstance = sessionConstructor();

function sessionConstructor(): typeof ClientSession {
  function Session(authorizer: Authorizer, config: SessionConfig = {}, options: AttachAuthOptions = {}): AxiosInstance {
    const { allow, allowInsecure, ...defaults } = config;
    const client = axios.create(defaults);
    attachAuth(client, authorizer, { allow, ...(allowInsecure && { allowInsecure }), ...options });
    return Object.setPrototypeOf(client, (new.target as unknown as { prototype: object }).prototype) as AxiosInstance;
  }
  Session.prototype = Object.create(Function.prototype) as object;
  return Session as unknown as typeof ClientSession;
}
