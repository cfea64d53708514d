// What the tests of the hosted UI have in common: a pool with its pages, a browser that goes where it is sent, and time.
import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import type { CognitoHostedUi, CognitoPool, CognitoPoolOptions } from '@axios-authorizer/test-kit';
import { hostedUi } from '../../src/index.js';
import { afterwards } from '../stage.js';
import type { HostedUi, HostedUiOptions, PendingSignIn } from '../../src/index.js';

export const clientId = 'the-page';
export const redirectUri = 'https://app.example.com/callback?from=pool';
export const logoutUri = 'https://app.example.com/';

export interface Stage {
  readonly pool: CognitoPool;
  readonly clock: ManualClock;
  readonly options: HostedUiOptions;
  readonly ui: HostedUi;
}

export interface StageOptions {
  readonly options?: Partial<HostedUiOptions>;
  readonly pages?: Partial<CognitoHostedUi>;
  readonly pool?: CognitoPoolOptions;
}

export async function stage({ options, pages, pool: given }: StageOptions = {}): Promise<Stage> {
  const clock = new ManualClock();
  const settings = { redirectUris: [redirectUri], logoutUris: [logoutUri], username: 'ada', ...pages };
  const users = [{ username: 'ada', password: 'Difference-1', email: 'ada@example.org' }];
  const pool = await startCognitoPool({ clock, clients: [{ clientId }], users, hostedUi: settings, ...given });
  afterwards(() => pool.stop());
  const own = { domain: pool.origin, clientId, redirectUri, logoutUri, scope: 'openid things/read', clock, ...options };
  return { pool, clock, options: own, ui: hostedUi(own) };
}

/** Where a browser is sent from `url`; undefined when it is shown a page instead. */
export async function sentTo(url: string): Promise<string | undefined> {
  return (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? undefined;
}

export interface CameBack {
  readonly url: string;
  readonly pending: PendingSignIn;
}

/** The way to the pages and back. */
export async function cameBack({ ui }: Pick<Stage, 'ui'>): Promise<CameBack> {
  const { url, pending } = await ui.signInUrl();
  return { url: (await sentTo(url)) ?? 'nowhere', pending };
}

/** The callback with other parameters; undefined takes one away. */
export function changed(url: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const other = new URL(url);
  for (const [name, value] of Object.entries(parameters))
    if (value === undefined) other.searchParams.delete(name);
    else other.searchParams.set(name, value);
  return other.href;
}

/** What reached the token endpoint. */
export function tokenRequests({ pool }: Pick<Stage, 'pool'>): readonly URLSearchParams[] {
  return pool.requests
    .filter(({ url }) => url === '/oauth2/token')
    .map(({ body }) => new URLSearchParams(body.toString()));
}
