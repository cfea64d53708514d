// `login`: a person signs in, and the session is kept for the commands that follow.
import { memoryTokenStore } from '@axios-authorizer/core';
import type { Token } from '@axios-authorizer/core';
import { connect, hide } from '../services/connect.js';
import { findService } from '../services/service.js';
import type { Selection, Service } from '../services/service.js';
import { aboutToken, saveAbout } from '../state/about.js';
import { tokenStoreOf } from '../state/token-place.js';
import type { Terminal } from '../terminal/terminal.js';
import { inWords } from '../tokens/durations.js';

export interface LoginOptions {
  /** Signs in on another device (RFC 8628). */
  readonly device?: boolean;
  /** False: the URL is printed, and no browser opened. */
  readonly browser: boolean;
}

/** Signs in, whatever is stored. Nothing is lost when it fails. */
export async function login(selection: Selection, options: LoginOptions, terminal: Terminal): Promise<void> {
  const service = await findService(selection, terminal);
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

async function signedIn(service: Service, _options: LoginOptions, terminal: Terminal): Promise<Token> {
  const authorizer = await connect(service, terminal, { interactive: true, store: memoryTokenStore() });
  try {
    return await authorizer.getToken({ signal: terminal.interrupted });
  } finally {
    authorizer.close();
  }
}
