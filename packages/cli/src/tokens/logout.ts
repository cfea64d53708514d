// `logout`: revokes what can be revoked, and forgets. Forgetting never waits for a server: a token that cannot be revoked is
// removed here all the same, and the exit code says so.
import { rm } from 'node:fs/promises';
import { removeUnfinishedFiles } from '@axios-authorizer/core/node';
import type { AuthEvent } from '@axios-authorizer/core';
import { connect } from '../services/connect.js';
import { findService } from '../services/service.js';
import type { Selection, Service } from '../services/service.js';
import type { ServiceKind } from '../services/types.js';
import { allAbout } from '../state/about.js';
import type { About } from '../state/about.js';
import { placeOf, tokenFolder, tokenPlace } from '../state/token-place.js';
import { CliError, UsageError } from '../terminal/failure.js';
import { withProgress } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';

/** The others have none, and nobody is asked for a code in order to forget. */
const KNOW_REVOCATION: readonly ServiceKind[] = ['cognito', 'oauth2'];

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
  const why = await whyNotRevoked(service, terminal);
  await forget(about, terminal);
  if (why !== undefined) throw why;
  return undefined;
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

/** Why the server still takes it; undefined when it does not, or knows no revocation. */
async function whyNotRevoked(service: Service, terminal: Terminal): Promise<CliError | undefined> {
  if (!KNOW_REVOCATION.includes(service.settings.kind)) return undefined;
  let why: unknown;
  const observer = (event: AuthEvent): void => {
    if (event.type === 'notice') why = new Error(event.message);
  };
  try {
    const authorizer = await connect(service, terminal, { observer });
    await withProgress(terminal, `signing out of ${service.name}`, () => authorizer.logout());
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
  for (const about of all) await forget(about, terminal, 'removed here and not revoked: the token of');
  if (all.length > 0) return;
  await terminal.stderr.write('axios-authorizer: no token is stored\n');
}

/** The devices that a pool remembers stay: the next sign-in needs no second factor. */
async function forget({ id, name, server }: About, terminal: Terminal, done = 'signed out of'): Promise<void> {
  const { tokenPath, aboutPath } = placeOf(id, terminal);
  await rm(tokenPath, { force: true });
  await rm(aboutPath, { force: true });
  await removeUnfinishedFiles(tokenFolder(terminal));
  await terminal.stderr.write(`axios-authorizer: ${done} ${name} (${server})\n`);
}
