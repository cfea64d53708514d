// The token endpoint and the API are two doors of one house: they share its clock, its tokens and its moods.

import { TokenLedger } from '@axios-authorizer/testing/extend';
import type { SmartFault, SmartServerOptions } from './options.js';

export interface SmartContext {
  readonly options: SmartServerOptions;
  readonly origin: string;
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly introspectionUrl: string;
  readonly ledger: TokenLedger;
  readonly now: () => number;
  fault: SmartFault | undefined;
}

/** What the parts of a server at `origin` have in common. */
export function smartContext(origin: string, options: SmartServerOptions): SmartContext {
  const { clock = Date } = options;
  return {
    options,
    origin,
    baseUrl: `${origin}/fhir`,
    tokenUrl: `${origin}/auth/token`,
    introspectionUrl: `${origin}/auth/introspect`,
    ledger: new TokenLedger({ clock }),
    now: () => clock.now(),
    fault: undefined,
  };
}
