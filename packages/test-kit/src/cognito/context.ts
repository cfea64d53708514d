// What the operations of one pool share: its clock, its people, and the books that are kept about them.

import { randomBytes } from 'node:crypto';
import { ChallengeSessions } from './state/sessions.js';
import { Devices } from './state/devices.js';
import { Lockout } from './state/lockout.js';
import { RefreshTokens } from './state/refresh-tokens.js';
import { SrpProofs } from './steps/proofs.js';
import { TokenMint } from './state/tokens.js';
import { UserDirectory } from './state/users.js';
import type { CognitoPoolClient, CognitoPoolOptions } from './options.js';
import type { PoolKeys } from './state/keys.js';
import type { PoolUser } from './state/user.js';

/** Whom an SRP challenge was opened for; nobody when it was simulated. */
export interface UserProof {
  readonly user: PoolUser | undefined;
  readonly clientId: string;
  /** DEVICE_KEY of InitiateAuth. */
  readonly deviceKey: string | undefined;
}

export interface CognitoContext {
  readonly options: CognitoPoolOptions;
  readonly poolId: string;
  readonly issuer: string;
  readonly now: () => number;
  readonly clients: readonly CognitoPoolClient[];
  readonly keys: PoolKeys;
  readonly users: UserDirectory;
  readonly lockout: Lockout | undefined;
  readonly userProofs: SrpProofs<UserProof>;
  readonly deviceProofs: SrpProofs<string>;
  readonly sessions: ChallengeSessions;
  readonly devices: Devices;
  readonly mint: TokenMint;
  readonly refreshTokens: RefreshTokens;
}

/** What the parts of a pool at `origin` have in common. */
export function cognitoContext(origin: string, options: CognitoPoolOptions, keys: PoolKeys): CognitoContext {
  const { poolId = 'eu-west-1_TestPool1', clock = Date, clients = [{ clientId: 'test-client' }] } = options;
  const now = (): number => clock.now();
  const [region = '', poolName = ''] = poolId.split('_');
  const issuer = `${origin}/${poolId}`;
  const chance = { now, randomBytes: options.randomBytes ?? randomBytes };
  return {
    options,
    poolId,
    issuer,
    now,
    clients,
    keys,
    users: new UserDirectory(options.users ?? [], { poolName, ...chance }),
    lockout: options.lockout === false ? undefined : new Lockout(now),
    userProofs: new SrpProofs(chance),
    deviceProofs: new SrpProofs(chance),
    sessions: new ChallengeSessions(now),
    devices: new Devices({ region, tracking: options.deviceTracking ?? false }),
    mint: new TokenMint({ keys, issuer, now, lifeSeconds: options.accessTokenSeconds ?? 300 }),
    refreshTokens: new RefreshTokens({ now, rotation: options.refreshRotation ?? false }),
  };
}
