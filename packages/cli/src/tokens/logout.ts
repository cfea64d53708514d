// `logout`: revokes what can be revoked, and forgets. Forgetting never waits for a server: a token that cannot be revoked is
// removed here all the same, and the exit code says so.
import { rm } from 'node:fs/promises';
import { discoverServer } from '@axios-authorizer/core';
import { removeUnfinishedFiles } from '@axios-authorizer/core/node';
import type { AuthEvent } from '@axios-authorizer/core';
import { connect } from '../services/connect.js';
import { findService } from '../services/service.js';
import type { Selection, Service } from '../services/service.js';
import { allAbout } from '../state/about.js';
import type { About } from '../state/about.js';
import { placeOf, tokenFolder, tokenPlace } from '../state/token-place.js';
import { CliError, UsageError } from '../terminal/failure.js';
import { withProgress } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';
import { inWords } from './durations.js';

/** Signs one service out: by its name, or by the arguments that it was used with. */
export async function logout(selection: Selection, terminal: Terminal): Promise<void> {
  const stored = await allAbout(terminal);
  const service = await serviceOrNothing(selection, stored, terminal);
  if (service === undefined)
    return forgetAll(
      stored.filter(({ name }) => name === selection.name),
      terminal,
    );
  const { id } = tokenPlace(service, terminal);
  const about = stored.find((one) => one.id === id);
  if (about === undefined) {
    await terminal.stderr.write(`axios-authorizer: no token of ${service.name} is stored\n`);
    return undefined;
  }
  const revoked = await withProgress(terminal, `signing out of ${service.name}`, () => revocation(service, terminal));
  await forget(about, terminal, revoked === 'none' ? NOT_REVOKED : SIGNED_OUT);
  if (typeof revoked === 'object') throw revoked;
  return undefined;
}

/** Asks the server to take it no more; 'none' where it knows no such request. Nobody is asked for a code in order to forget. */
async function revocation(service: Service, terminal: Terminal): Promise<'done' | 'none' | CliError> {
  try {
    if (!(await canRevoke(service, terminal))) return 'none';
  } catch (error) {
    return notRevoked(service, error);
  }
  return (await whyNotRevoked(service, terminal)) ?? 'done';
}

/** Signs all out, here alone: where they were from, their configurations may say no longer. */
export async function logoutAll(terminal: Terminal): Promise<void> {
  await forgetAll(await allAbout(terminal), terminal);
}

/** A service whose configuration is gone is still known by what is stored. */
async function serviceOrNothing(
  selection: Selection,
  stored: readonly About[],
  terminal: Terminal,
): Promise<Service | undefined> {
  try {
    return await findService(selection, terminal);
  } catch (error) {
    if (error instanceof UsageError && stored.some(({ name }) => name === selection.name)) return undefined;
    throw error;
  }
}

/** Whether the server can be asked to take it no more. @throws what discovery throws */
async function canRevoke({ settings, timeoutMs }: Service, { interrupted: signal }: Terminal): Promise<boolean> {
  if (settings.kind !== 'oauth2') return settings.kind === 'cognito';
  const { issuer, revocationUrl, allowInsecure } = settings;
  if (revocationUrl !== undefined || issuer === undefined) return revocationUrl !== undefined;
  return (await discoverServer(issuer, { allowInsecure, timeoutMs, signal })).revocationEndpoint !== undefined;
}

/** Why the server still takes it; undefined when it does not. */
async function whyNotRevoked(service: Service, terminal: Terminal): Promise<CliError | undefined> {
  let why: unknown;
  const observer = (event: AuthEvent): void => {
    if (event.type === 'notice') why = new Error(event.message);
  };
  try {
    const authorizer = await connect(service, terminal, { observer });
    await authorizer.logout();
    authorizer.close();
  } catch (error) {
    why = error;
  }
  return why === undefined ? undefined : notRevoked(service, why);
}

function notRevoked({ name }: Service, cause: unknown): CliError {
  const said = cause instanceof Error ? `: ${cause.message}` : '';
  return new CliError(`The token of ${name} is removed here, but could not be revoked at the server${said}`, {
    kind: 'unavailable',
    advice: 'It is good until it expires; revoke it there where that matters.',
    cause,
  });
}

/** Whose settings nobody says: no server is asked. */
async function forgetAll(all: readonly About[], terminal: Terminal): Promise<void> {
  for (const about of all) await forget(about, terminal, NOT_REVOKED);
  if (all.length > 0) return;
  await terminal.stderr.write('axios-authorizer: no token is stored\n');
}

/** The devices that a pool remembers stay: the next sign-in needs no second factor. */
async function forget(about: About, terminal: Terminal, done: typeof NOT_REVOKED | typeof SIGNED_OUT): Promise<void> {
  const { id, name, server } = about;
  const { tokenPath, aboutPath } = placeOf(id, terminal);
  await rm(tokenPath, { force: true });
  await rm(aboutPath, { force: true });
  await removeUnfinishedFiles(tokenFolder(terminal));
  const rest = done === NOT_REVOKED ? `; ${stillGood(about, terminal)}` : '';
  await terminal.stderr.write(`axios-authorizer: ${done} ${name} (${server})${rest}\n`);
}

const SIGNED_OUT = 'signed out of';
const NOT_REVOKED = 'removed here and not revoked: the token of';

/** How long whoever has a copy can use it. */
function stillGood({ expiresAt, renewedBy }: About, { clock }: Terminal): string {
  const leftMs = Date.parse(expiresAt ?? '') - clock.now();
  if (leftMs <= 0) return 'it has expired';
  const until = Number.isNaN(leftMs) ? 'as long as the server says' : `until ${expiresAt} (${inWords(leftMs)})`;
  const refresh = renewedBy === 'refresh token' ? ', and its refresh token as long as the server says' : '';
  return `the server takes it ${until}${refresh}`;
}
