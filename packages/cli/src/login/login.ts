// `login`: a person signs in, and the session is kept for the commands that follow.
import { memoryTokenStore } from '@axios-authorizer/core';
import type { Token } from '@axios-authorizer/core';
import { connect, hide } from '../services/connect.js';
import { findService } from '../services/service.js';
import type { Selection, Service } from '../services/service.js';
import { aboutToken, saveAbout } from '../state/about.js';
import { tokenStoreOf } from '../state/token-place.js';
import { UsageError } from '../terminal/failure.js';
import { withProgress } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';
import { inWords } from '../tokens/durations.js';
import { interactiveService, signInOAuth2 } from './oauth2.js';
import type { SignInOptions } from './oauth2.js';

/** Signs in, whatever is stored. Nothing is lost when it fails. */
export async function login(selection: Selection, options: SignInOptions, terminal: Terminal): Promise<void> {
  const service = await serviceFor(selection, options, terminal);
  const store = await tokenStoreOf(service, terminal); // before anybody is asked: a keyring may be locked
  const token = await signedIn(service, options, terminal);
  hide(token, terminal);
  await store.save(token, undefined, { newSession: true });
  const about = aboutToken(service, token, terminal);
  await saveAbout(about, terminal);
  const until = token.expiresAt ? `, good for ${inWords(token.expiresAt.getTime() - terminal.clock.now())}` : '';
  await terminal.stderr.write(
    `axios-authorizer: signed in to ${service.name} as ${about.subject}${until}; renewed by: ${about.renewedBy}\n`,
  );
}

async function serviceFor(selection: Selection, options: SignInOptions, terminal: Terminal): Promise<Service> {
  const service = await findService(selection, terminal);
  if (service.settings.kind === 'oauth2') return interactiveService(service, options) ?? service;
  if (options.device) throw new UsageError(`--device is for oauth2, and ${service.name} is ${service.settings.kind}`);
  return service;
}

async function signedIn(service: Service, options: SignInOptions, terminal: Terminal): Promise<Token> {
  const { settings } = service;
  const byPage =
    settings.kind === 'oauth2' && (settings.grant === 'authorization_code' || settings.grant === 'device_code');
  if (byPage) return signInOAuth2(service, options, terminal);
  const authorizer = await connect(service, terminal, { interactive: true, store: memoryTokenStore() });
  try {
    return await withProgress(terminal, `signing in to ${service.name}`, () =>
      authorizer.getToken({ signal: terminal.interrupted }),
    );
  } finally {
    authorizer.close();
  }
}
