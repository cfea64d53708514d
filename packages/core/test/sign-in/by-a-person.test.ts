// A source in which a person takes part: what begins it, who waits for it, and what becomes of its token?
import { join } from 'node:path';
import { create } from 'axios';
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { attachAuth, AuthenticationError, Authorizer, memoryTokenStore } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import type { AuthEvent, Interactive, Token, TokenRequest, TokenSource } from '../../src/index.js';
import { failureOf, jwtOf, resourceServer } from '../endpoint/stage.js';
import { settled, standing } from '../lifecycle/stage.js';
import { temporaryFolder } from '../stores/folder.js';

const minuteMs = 60_000;
const nobody = { code: 'not_authenticated', kind: 'session' } as const;

/** A source whose person comes when the test says so. */
class Person implements TokenSource {
  readonly interactive: Interactive;
  readonly asked: TokenRequest[] = [];
  readonly refreshed: string[] = [];
  /** What they bring. */
  brings: Partial<Token> = { refreshToken: 'r-0' };
  refusal: AuthenticationError | undefined;
  door = gate();

  constructor(interactive: Partial<Interactive> = {}) {
    this.interactive = { timeoutMs: 10 * minuteMs, ...interactive };
  }
  async authorize(request: TokenRequest): Promise<Token> {
    this.asked.push(request);
    await this.door.opened;
    return { accessToken: `by-person-${this.asked.length}`, ...this.brings };
  }
  refresh({ refreshToken }: Token): Promise<Token> {
    if (refreshToken === undefined) return Promise.reject(new AuthenticationError('No refresh token', nobody));
    this.refreshed.push(refreshToken);
    if (this.refusal) return Promise.reject(this.refusal);
    return Promise.resolve({
      accessToken: `refreshed-${this.refreshed.length}`,
      refreshToken: `r-${this.refreshed.length}`,
    });
  }
  /** They come at once. */
  present(): this {
    this.door.open();
    return this;
  }
}

describe('what begins it', () => {
  it('requests that find nobody signed in get not_authenticated, and nobody is asked (C25)', async () => {
    const person = new Person();
    const api = await resourceServer();
    const client = create({ baseURL: api.origin });
    const authorizer = new Authorizer(person);
    attachAuth(client, authorizer);
    for (const work of [client.get('/data'), authorizer.getToken(), client.get('/data')])
      expect(await failureOf(work)).toMatchObject(nobody);
    expect([person.asked.length, api.requests.length]).toEqual([0, 0]);
  });

  it('getToken with force begins it, and requests go out with what it brings (C25)', async () => {
    const person = new Person().present();
    const authorizer = new Authorizer(person);
    await failureOf(authorizer.getToken());
    await authorizer.getToken({ force: true });
    expect((await authorizer.getToken()).accessToken).toBe('by-person-1');
    expect(person.asked.map(({ reason }) => reason)).toEqual(['forced']);
  });

  it('startOnRequest lets any request begin it, once for all (C25)', async () => {
    const person = new Person({ startOnRequest: true }).present();
    const authorizer = new Authorizer(person);
    const tokens = await Promise.all([1, 2, 3].map(() => authorizer.getToken()));
    expect(tokens.map(({ accessToken }) => accessToken)).toEqual(['by-person-1', 'by-person-1', 'by-person-1']);
  });

  it('whoever asks while a person signs in waits for that, forced or not: nobody is asked twice (C2, C25)', async () => {
    for (const startOnRequest of [false, true]) {
      const person = new Person({ startOnRequest });
      const authorizer = new Authorizer(person);
      const first = startOnRequest ? authorizer.getToken() : authorizer.getToken({ force: true });
      const twin = authorizer.getToken({ force: true });
      await until(() => person.asked.length === 1, 'the person to be asked');
      const others = [authorizer.getToken({ force: true }), authorizer.getToken()];
      person.present();
      const all = await Promise.all([first, twin, ...others]);
      expect(new Set(all.map(({ accessToken }) => accessToken))).toEqual(new Set(['by-person-1']));
      expect([person.asked.length, person.refreshed.length]).toEqual([1, 0]);
    }
  });

  it('while a token can be refreshed no person is asked, even by force (C25)', async () => {
    const person = new Person().present();
    const authorizer = new Authorizer(person);
    await authorizer.getToken({ force: true });
    expect((await authorizer.getToken({ force: true })).accessToken).toBe('refreshed-1');
    expect(person.asked).toHaveLength(1);
  });

  it('a refresh that is refused for good ends the session once, and asks nobody until that is forced (C18, C25)', async () => {
    const person = new Person().present();
    const ended: string[] = [];
    const authorizer = new Authorizer(person, { onSessionEnd: ({ message }) => void ended.push(message) });
    const token = await authorizer.getToken({ force: true });
    person.refusal = new AuthenticationError('Revoked', { code: 'token_endpoint', kind: 'session' });
    for (const tries of [1, 2]) {
      const error = await failureOf(authorizer.getToken({ rejected: token }));
      expect(error).toMatchObject({ kind: 'session' });
      expect([ended, person.asked.length, tries]).toEqual([['Revoked'], 1, tries]);
    }
    expect((await authorizer.getToken({ force: true })).accessToken).toBe('by-person-2');
  });

  it('without a refresh token a rejected or expired token ends in not_authenticated, and force asks the person (C25)', async () => {
    const clock = new ManualClock();
    const person = new Person().present();
    person.brings = { expiresAt: new Date(clock.now() + minuteMs) };
    const authorizer = new Authorizer(person, { clock });
    await authorizer.getToken({ force: true });
    await clock.advance(minuteMs);
    expect(await failureOf(authorizer.getToken())).toMatchObject(nobody);
    person.brings = {};
    expect((await authorizer.getToken({ force: true })).accessToken).toBe('by-person-2');
    expect((await authorizer.getToken({ force: true })).accessToken).toBe('by-person-3');
  });

  it('nobody is asked before the token has expired, even with startOnRequest (C1, C25)', async () => {
    const clock = new ManualClock();
    const person = new Person({ startOnRequest: true }).present();
    const begun: string[] = [];
    const observer = ({ type }: AuthEvent): void => void (type === 'acquiring' && begun.push(type));
    person.brings = { expiresAt: new Date(clock.now() + 10 * minuteMs) };
    const authorizer = new Authorizer(person, { clock, observer, refreshAheadMs: 9 * minuteMs });
    await authorizer.getToken();
    for (const waitMs of [2 * minuteMs, 7 * minuteMs, minuteMs / 2]) {
      await clock.advance(waitMs);
      expect((await authorizer.getToken()).accessToken).toBe('by-person-1');
      await settled();
    }
    expect([person.asked.length, begun.length]).toEqual([1, 1]);
    await clock.advance(minuteMs / 2);
    expect(authorizer.authenticated).toBe(false);
  });

  it('a person who does not sign in leaves no cool-down, whatever made it fail is told (C5, C25)', async () => {
    const person = new Person();
    const authorizer = new Authorizer({
      interactive: person.interactive,
      authorize: () =>
        Promise.reject(new AuthenticationError('Declined', { code: 'sign_in_refused', kind: 'session' })),
    });
    for (let tries = 0; tries < 3; tries += 1)
      expect(await failureOf(authorizer.getToken({ force: true }))).toMatchObject({ code: 'sign_in_refused' });
    expect(await failureOf(authorizer.getToken())).toMatchObject(nobody);
  });

  it('an outage during a sign-in is not retried: nobody is asked twice for one wish (C25)', async () => {
    let asked = 0;
    const outage = new AuthenticationError('Down', { code: 'network', kind: 'unavailable', transient: true });
    const source = { interactive: { timeoutMs: 1 }, authorize: () => ((asked += 1), Promise.reject(outage)) };
    expect(await failureOf(new Authorizer(source).getToken({ force: true }))).toMatchObject({ code: 'network' });
    expect(asked).toBe(1);
  });
});

describe('how long it takes', () => {
  it('a sign-in has its own limit on top of the authorizer’s, and the error names the whole (C4, C25)', async () => {
    const clock = new ManualClock();
    const person = new Person();
    const authorizer = new Authorizer(person, { clock, timeoutMs: 1_000 });
    const signIn = authorizer.getToken({ force: true });
    await until(() => person.asked.length === 1, 'the person to be asked');
    await clock.advance(10 * minuteMs + 999);
    expect((await standing(signIn)).state).toBe('waiting');
    await clock.advance(1);
    expect(await failureOf(signIn)).toMatchObject({ code: 'timeout' });
    expect(String(await failureOf(signIn))).toContain('601000 ms');
    expect(person.asked[0]?.signal.aborted).toBe(true);
  });

  it('a refresh of the same source keeps the authorizer’s limit (C4, C25)', async () => {
    const clock = new ManualClock();
    const person = new Person().present();
    const { interactive } = person;
    const authorize = (request: TokenRequest): Promise<Token> => person.authorize(request);
    const source = { interactive, authorize, refresh: () => new Promise<Token>(() => 0) };
    const authorizer = new Authorizer(source, { clock, timeoutMs: 1_000 });
    await authorizer.getToken({ force: true });
    const refresh = failureOf(authorizer.getToken({ force: true }));
    await settled();
    await clock.advance(1_000);
    expect(await refresh).toMatchObject({ code: 'timeout' });
  });

  it('a sign-in of nine minutes brings a token that is fresh, and onToken hears of it before anybody (C1, C6, C25)', async () => {
    const clock = new ManualClock();
    const person = new Person();
    const told: string[] = [];
    const onToken = ({ accessToken }: Token): void => void told.push(accessToken);
    const authorizer = new Authorizer(person, { clock, onToken });
    const signIn = authorizer.getToken({ force: true });
    await until(() => person.asked.length === 1, 'the person to be asked');
    await clock.advance(9 * minuteMs);
    person.brings = {
      refreshToken: 'r-0',
      issuedAt: new Date(clock.now()),
      expiresAt: new Date(clock.now() + 10 * minuteMs),
    };
    person.present();
    await signIn;
    await clock.advance(minuteMs);
    await authorizer.getToken();
    await settled();
    expect([told, person.refreshed]).toEqual([['by-person-1'], []]);
  });

  it('a logout ends it for those who wait, and what comes late is not taken (C25)', async () => {
    const person = new Person();
    const authorizer = new Authorizer(person);
    const signIn = failureOf(authorizer.getToken({ force: true }));
    await until(() => person.asked.length === 1, 'the person to be asked');
    await authorizer.logout();
    person.present();
    expect(await signIn).toMatchObject({ code: 'logged_out' });
    await settled();
    expect(authorizer.token).toBeUndefined();
  });
});

describe('what becomes of its token', () => {
  it('its token is a new session: whoever waits for a token of the one before gets logged_out (C17, C25)', async () => {
    const person = new Person();
    const authorizer = new Authorizer(person, { initialToken: { accessToken: 'of-ada', expiresAt: new Date(0) } });
    const signIn = authorizer.getToken({ force: true });
    const waiting = failureOf(authorizer.getToken());
    person.present();
    await signIn;
    expect(await waiting).toMatchObject({ code: 'logged_out' });
    expect(authorizer.token?.sessionMark).toBeDefined();
  });

  it('the same person goes on with the session, where the token says who that is (C17, C25)', async () => {
    const clock = new ManualClock();
    const person = new Person({ startOnRequest: true }).present();
    const api = await resourceServer();
    const client = create({ baseURL: api.origin, validateStatus: null });
    const authorizer = new Authorizer(person, { clock });
    attachAuth(client, authorizer);
    for (const [sub, outcome] of [
      ['ada', 200],
      ['ada', 200],
      ['ben', 'logged_out'],
      ['ben', 200],
    ] as const) {
      const expiresAt = new Date(clock.now() + minuteMs);
      person.brings = { idToken: jwtOf({ iss: 'https://id.example.org', sub }), expiresAt };
      const sent = client.get('/data').then(({ status }) => status);
      expect(await sent.catch(({ code }: AuthenticationError) => code)).toBe(outcome);
      if (outcome === 200) await clock.advance(minuteMs);
    }
    expect(person.asked).toHaveLength(3);
  });

  it('two processes with one file: the lease is free meanwhile, the token is saved, the other adopts it (C25)', async () => {
    const file = join(await temporaryFolder(), 'token.json');
    const [here, there] = [new Person(), new Person()];
    const [mine, theirs] = [here, there].map((source) => new Authorizer(source, { store: fileTokenStore(file) }));
    const signIn = mine?.getToken({ force: true });
    await until(() => here.asked.length === 1, 'the person to be asked');
    await expect(fileTokenStore(file).exclusive?.(() => Promise.resolve('free'))).resolves.toBe('free');
    expect(await failureOf(Promise.resolve(theirs?.getToken()))).toMatchObject(nobody);
    here.present();
    const token = await signIn;
    await until(() => theirs?.authenticated === true, 'the other process to adopt it');
    expect((await theirs?.getToken())?.accessToken).toBe(token?.accessToken);
    expect(there.asked).toHaveLength(0);
    for (const authorizer of [mine, theirs]) authorizer?.close();
  });

  it('its token takes the place of a sign-out and of a session that others began meanwhile (C17, C25)', async () => {
    const store = memoryTokenStore();
    await store.clear();
    const person = new Person();
    const authorizer = new Authorizer(person, { store });
    const signIn = authorizer.getToken({ force: true });
    await until(() => person.asked.length === 1, 'the person to be asked');
    await store.save({ accessToken: 'of-another' }, undefined, { newSession: true });
    person.present();
    expect((await signIn).accessToken).toBe('by-person-1');
    expect(await store.load()).toMatchObject({ accessToken: 'by-person-1' });
    expect((await authorizer.getToken()).accessToken).toBe('by-person-1');
  });

  it('a session that stands in the store is adopted before anybody is asked, unless that is forced (C25)', async () => {
    const store = memoryTokenStore();
    await store.save({ accessToken: 'of-another-process', refreshToken: 'theirs' });
    const person = new Person().present();
    const authorizer = new Authorizer(person, { store });
    expect((await authorizer.getToken()).accessToken).toBe('of-another-process');
    expect((await authorizer.getToken({ force: true })).accessToken).toBe('refreshed-1');
    expect([person.asked.length, person.refreshed]).toEqual([0, ['theirs']]);
  });
});
