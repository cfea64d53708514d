// One person signs out and another signs in, while two more machines work over one Redis: is one person's request ever sent by another?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { attachAuth, Authorizer } from '@axios-authorizer/core';
import type { Token, TokenSource } from '@axios-authorizer/core';
import { authorizedFetch } from '@axios-authorizer/core/fetch';
import { startResourceServer } from '@axios-authorizer/test-kit';
import type { Answer, ResourceServer } from '@axios-authorizer/test-kit';
import { kinds, stage, withRedis } from '../stage.js';

const ROUNDS = 250;
const rejected: Answer = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };

/** Opaque tokens that say whose they are to the API alone. */
class Renewing implements TokenSource {
  #made = 0;

  authorize(): Promise<Token> {
    return Promise.reject(new Error('a person signs in at the keyboard only'));
  }
  refresh({ refreshToken = '' }: Token): Promise<Token> {
    return Promise.resolve({ accessToken: `${refreshToken}-${(this.#made += 1)}`, refreshToken });
  }
}

withRedis('a session that changes hands, over Redis', () => {
  const play = stage();
  let api: ResourceServer;
  beforeAll(async () => void (api = await startResourceServer()));
  afterAll(() => api.stop());

  it(`in ${ROUNDS} rounds none of one person’s requests is sent by another, by axios nor by fetch (C17, C18)`, async () => {
    const machines = await Promise.all(
      [...kinds, ...kinds].map(async (kind) => new Authorizer(new Renewing(), { store: await play.store(kind) })),
    );
    const [desk, elsewhere, ...others] = machines;
    if (!desk || !elsewhere) throw new Error('Expected four machines');
    const senders = [desk, ...others].map((machine, index) => (index % 2 === 0 ? byAxios(machine) : byFetch(machine)));
    let person = 'person0';
    await desk.setToken({ accessToken: `${person}-0`, refreshToken: person });
    for (let round = 1; round <= ROUNDS; round += 1) {
      api.next(...Array.from({ length: 3 }, () => (Math.random() < 0.5 ? rejected : undefined)));
      const sent = senders.map((send, index) => sendAs(machines[index === 0 ? 0 : index + 1], send));
      await turns(1 + Math.floor(Math.random() * 30));
      person = `person${round}`;
      if (round % 3 === 0) await desk.logout();
      await (round % 2 === 0 ? desk : elsewhere).setToken({ accessToken: `${person}-0`, refreshToken: person });
      await Promise.all(sent);
    }
    const seen = api.requests.map(
      ({ headers, body }) => `${headers.authorization?.replace(/^Bearer (\w+)-\d+$/, '$1')}: ${body.toString()}`,
    );
    expect(seen.filter((line) => !/^(\w+): \1$/.test(line))).toEqual([]);
    expect(seen.length).toBeGreaterThan(ROUNDS / 2); // a round whose session is over at once sends less than one for each
  }, 120_000);

  type Send = (body: string) => Promise<unknown>;

  function byAxios(auth: Authorizer): Send {
    const client: AxiosInstance = axios.create({ baseURL: api.origin });
    attachAuth(client, auth);
    return (body) => client.post('/orders', body);
  }

  function byFetch(auth: Authorizer): Send {
    const fetch = authorizedFetch(auth, { allow: api.origin });
    return async (body) => (await fetch(`${api.origin}/orders`, { method: 'POST', body })).arrayBuffer();
  }
});

/** What the person who is signed in at a machine, as far as that knows, has to say: their name. Nobody says nothing. */
async function sendAs(machine: Authorizer | undefined, send: (body: string) => Promise<unknown>): Promise<void> {
  const person = machine?.accessToken?.replace(/-\d+$/, '');
  if (person !== undefined) await send(person).catch(() => undefined);
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
