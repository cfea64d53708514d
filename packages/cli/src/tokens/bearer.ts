// The token of a service as requests carry it, and where the command line gets it: what is stored and good, else a new one.
import type { AuthEvent, Token } from '@axios-authorizer/core';
import { connect, hide } from '../services/connect.js';
import type { Service } from '../services/service.js';
import type { ServiceSettings } from '../services/types.js';
import { tokenStoreOf } from '../state/token-place.js';
import { codeOf, isOurs } from '../terminal/failure.js';
import { inOurWords } from '../terminal/our-words.js';
import { withProgress } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';
import { issuedLater } from './clock-doubt.js';

export interface Bearer {
  /** What follows "Bearer ". A secret. */
  readonly bearer: string;
  readonly expiresAt: Date | undefined;
  readonly scope: string | undefined;
}

const LONGEST_LEEWAY_MS = 15_000;
/** For those whose lifetime nobody knows. */
const SHARE_OF_LIFE = 0.1;

/**
 * A good token of the service: the stored one, unless it is about to expire or `isFresh` asks for a new one.
 * @throws what the sources throw; `not_authenticated` where only `login` can begin
 */
export async function bearerOf(service: Service, terminal: Terminal, isFresh: boolean): Promise<Bearer> {
  const stored = isFresh ? undefined : await goodStored(service, terminal);
  const token =
    stored ??
    (await withProgress(terminal, `asking ${service.name} for a token`, () => acquired(service, terminal, isFresh)));
  hide(token, terminal);
  const later = issuedLater(token.issuedAt, terminal.clock.now());
  if (later !== undefined)
    await terminal.stderr.write(
      `axios-authorizer: the token of ${service.name} is ${later} by this machine's clock; if the clock is right now, get a new one with --refresh\n`,
    );
  return { bearer: attached(service.settings, token), expiresAt: token.expiresAt, scope: token.scope };
}

/** What is stored and good needs neither keys nor passwords. A mark of a sign-out is no token; whether it matters, the source says. */
async function goodStored(service: Service, terminal: Terminal): Promise<Token | undefined> {
  const store = await tokenStoreOf(service, terminal);
  const token = await readable(() => store.load(), terminal);
  if (token === undefined || attached(service.settings, token) === '') return undefined;
  return isGood(token, terminal.clock.now()) ? token : undefined;
}

/** A store that cannot be read is no reason to give no token; one that must not be used, such as with a wrong key, is. */
async function readable<T>(load: () => Promise<T>, terminal: Terminal): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'logged_out' || code === 'store_unreadable') return undefined;
    if (isOurs(error) || code === undefined) throw error;
    await terminal.stderr.write(
      `axios-authorizer: the stored token cannot be read (${code}); a new one is asked for\n`,
    );
    return undefined;
  }
}

function isGood({ expiresAt, issuedAt }: Token, nowMs: number): boolean {
  if (expiresAt === undefined) return true;
  const lifeMs = expiresAt.getTime() - (issuedAt?.getTime() ?? nowMs);
  return expiresAt.getTime() - nowMs > Math.min(LONGEST_LEEWAY_MS, lifeMs * SHARE_OF_LIFE);
}

async function acquired(service: Service, terminal: Terminal, force: boolean): Promise<Token> {
  let lost: string | undefined;
  const observer = (event: AuthEvent): void => {
    if (event.type === 'store' && event.action === 'save') lost = event.failure && inOurWords(event.failure);
  };
  const authorizer = await connect(service, terminal, { observer });
  try {
    const token = await authorizer.getToken({ force, signal: terminal.interrupted });
    if (lost)
      await terminal.stderr.write(`axios-authorizer: the token could not be stored (${lost}); it is lost after this\n`);
    return token;
  } finally {
    authorizer.close();
  }
}

/** The ITk database takes the id token, and so does Cognito where the service says so. */
function attached(settings: ServiceSettings, { accessToken, idToken = '' }: Token): string {
  const takesId = settings.kind === 'itkdb' || (settings.kind === 'cognito' && settings.tokenUse === 'id');
  return takesId ? idToken : accessToken;
}
