// The login service and the database are two houses of one estate: they share its clock, its people and its tokens.

import { ItkdbKeys } from './keys.js';
import { ItkdbMint } from './mint.js';
import type { ItkdbOptions, ItkdbUser } from './options.js';

/** The real service's path, so that what clients make of it is seen. */
const oidcPath = '/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/oidc';
const recordedAudience = 'https://itkpd.unicornuniversity.net';
const testUser = { accessCode1: 'code-1', accessCode2: 'code-2', identity: '12-3456-1', name: 'Test User' } as const;

interface Origins {
  readonly login: string;
  readonly api: string;
}

export interface ItkdbContext {
  readonly options: ItkdbOptions;
  readonly origins: Origins;
  /** Without a slash at its end, which makes it the path of the issuer too. */
  readonly oidcPath: string;
  readonly apiPath: string;
  readonly issuer: string;
  readonly users: readonly ItkdbUser[];
  readonly tokenSeconds: number;
  readonly now: () => number;
  readonly keys: ItkdbKeys;
  readonly mint: ItkdbMint;
}

/** What the two servers at these origins have in common. */
export function itkdbContext(origins: Origins, options: ItkdbOptions): ItkdbContext {
  const { clock = Date, users = [testUser], audience = recordedAudience, tokenSeconds = 1800, apiPath = '/' } = options;
  const issuer = `${origins.login}${oidcPath}`;
  const keys = ItkdbKeys.make();
  const now = (): number => clock.now();
  const mint = new ItkdbMint({ keys, issuer, audience, lifeSeconds: tokenSeconds, now });
  return { options, origins, oidcPath, apiPath, issuer, users, tokenSeconds, now, keys, mint };
}
