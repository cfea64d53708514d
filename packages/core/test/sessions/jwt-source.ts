// A JWT source that counts how often it was asked, on a clock that is paused.
import { ManualClock } from '@axios-authorizer/test-kit';
import { RefreshableJWTHandler } from '../../src/index.js';
import type { RefreshableJWTHandlerOptions } from '../../src/index.js';

export const hourMs = 3_600_000;

export interface Stage {
  readonly clock: ManualClock;
  readonly handler: RefreshableJWTHandler;
  /** How often the source was asked. */
  readonly asked: () => number;
}

/** A handler over a source whose n-th token, `jwt-n`, lives as long as `livesMs` says, the last of them for good. */
export function handlerOver(livesMs: readonly number[], options: Partial<RefreshableJWTHandlerOptions> = {}): Stage {
  const clock = new ManualClock();
  let asked = 0;
  const getToken = (): Promise<readonly [string, Date]> => {
    const lifeMs = livesMs[Math.min(asked, livesMs.length - 1)] ?? hourMs;
    asked += 1;
    return Promise.resolve([`jwt-${asked}`, new Date(clock.now() + lifeMs)]);
  };
  return { clock, asked: () => asked, handler: new RefreshableJWTHandler({ getToken, clock, ...options }) };
}
