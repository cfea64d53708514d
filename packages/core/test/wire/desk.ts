// The stage of the tests that change who is signed in: a source that says who is at the keyboard, an API, and a client.
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import type { Answer, ResourceServer } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import type { AuthorizerOptions, Token, TokenSource } from '../../src/index.js';
import { clientOverFetch, OVER_FETCH } from './over-fetch.js';
import type { Stage } from './world.js';

export const rejected: Answer = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };

/** A source whose every token says who is at the keyboard, and how often somebody has asked. */
export class Keyboard implements TokenSource {
  person = 'ada';
  #made = 0;

  authorize(): Promise<Token> {
    return Promise.resolve({ accessToken: `${this.person}-${(this.#made += 1)}`, refreshToken: this.person });
  }
  refresh({ refreshToken = '' }: Token): Promise<Token> {
    return Promise.resolve({ accessToken: `${refreshToken}-${(this.#made += 1)}`, refreshToken });
  }
}

export interface Desk {
  readonly keyboard: Keyboard;
  readonly auth: Authorizer;
  readonly client: AxiosInstance;
  readonly api: ResourceServer;
}

export async function startDesk(stage: Stage, adapter: string, options: AuthorizerOptions = {}): Promise<Desk> {
  const keyboard = new Keyboard();
  const api = await stage.api();
  const auth = new Authorizer(keyboard, options);
  const isOver = adapter === OVER_FETCH;
  const config = { baseURL: api.origin, adapter };
  const client = isOver ? clientOverFetch(auth, config) : axios.create(config);
  if (!isOver) attachAuth(client, auth);
  return { keyboard, auth, client, api };
}

/** Who sent what, as the API saw it. */
export function seen({ requests }: ResourceServer): string[] {
  return requests.map(
    ({ headers, body }) => `${headers.authorization?.replace(/^Bearer (\w+)-\d+$/, '$1')}: ${body.toString()}`,
  );
}

export async function changeOver({ auth, keyboard }: Desk, how: string): Promise<void> {
  if (how === 'setToken') return auth.setToken({ accessToken: 'bob-0', refreshToken: 'bob' });
  await auth.logout();
  keyboard.person = 'bob';
  await auth.getToken();
}
