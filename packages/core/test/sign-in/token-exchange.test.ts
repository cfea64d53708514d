// One token for another (RFC 8693), and an assertion for a token (RFC 7523): what is handed in, when again, and when no more?
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from 'axios';
import { ManualClock, signedAssertion, startAssertionGrants } from '@axios-authorizer/test-kit';
import type { AssertionGrants, AssertionGrantsOptions } from '@axios-authorizer/test-kit';
import {
  attachAuth,
  AuthenticationError,
  Authorizer,
  clientSecretBasic,
  firstOf,
  jwtBearerSource,
  memoryTokenStore,
  tokenExchangeSource,
} from '../../src/index.js';
import { dpopProof } from '../../src/dpop/index.js';
import { fileSource } from '../../src/node/index.js';
import type { Token, TokenExchangeSourceOptions } from '../../src/index.js';
import { afterwards, failureOf, resourceServer, tokenRequest } from '../endpoint/stage.js';
import { temporaryFolder } from '../stores/folder.js';
import { thrownBy } from './stage.js';

const TYPE = 'urn:ietf:params:oauth:token-type:';
const accessToken = `${TYPE}access_token`;

async function grants(options?: AssertionGrantsOptions): Promise<AssertionGrants> {
  const server = await startAssertionGrants(options);
  afterwards(() => server.stop());
  for (const name of ['ada-1', 'ada-2', 'ben-1', 'robot']) server.parties.set(name, { sub: name, type: accessToken });
  return server;
}

function exchange({ tokenUrl }: AssertionGrants, options: Partial<TokenExchangeSourceOptions>): Authorizer {
  return new Authorizer(tokenExchangeSource({ tokenUrl, subject: 'ada-1', ...options }));
}

/** An authorizer of a person, whose token is another after each refresh. */
function person(name = 'ada'): Authorizer {
  let count = 0;
  return new Authorizer(() => Promise.resolve(`${name}-${(count += 1)}`));
}

describe('what is handed in', () => {
  it('the request of RFC 8693 section 2.3, letter for letter (C25)', async () => {
    const server = await grants();
    const subject = 'accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC';
    server.parties.set(subject, { sub: 'bdc', type: accessToken });
    const clientAuth = clientSecretBasic({ clientId: 'rs08', clientSecret: 'long-secure-random-secret' });
    const resource = 'https://backend.example.com/api';
    const token = await exchange(server, { subject, clientAuth, resource }).getToken();
    expect(server.server.requests[0]?.headers['authorization']).toBe('Basic cnMwODpsb25nLXNlY3VyZS1yYW5kb20tc2VjcmV0');
    expect(Object.fromEntries(server.forms[0] ?? [])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      resource,
      subject_token: subject,
      subject_token_type: accessToken,
    });
    expect(token).toMatchObject({ tokenType: 'Bearer', issuedTokenType: accessToken });
  });

  it('an actor, several audiences and resources, a scope and a type (C25)', async () => {
    const server = await grants();
    server.parties.set('id', { sub: 'ada', type: `${TYPE}id_token` });
    const token = await exchange(server, {
      subject: 'id',
      subjectTokenType: 'id_token',
      actor: 'robot',
      audience: ['one', 'two'],
      resource: ['https://a.example', 'https://b.example'],
      requestedTokenType: 'jwt',
      scope: ['read', 'write'],
      parameters: { connection: 'x' },
    }).getToken();
    expect(server.issued.get(token.accessToken)).toEqual({
      sub: 'ada',
      actor: 'robot',
      audience: ['one', 'two'],
      resource: ['https://a.example', 'https://b.example'],
    });
    const [form] = server.forms;
    expect([form?.get('scope'), form?.get('connection'), form?.get('actor_token_type')]).toEqual([
      'read write',
      'x',
      accessToken,
    ]);
  });

  it('a text, a function, a file and an authorizer (C25)', async () => {
    const server = await grants();
    const file = join(await temporaryFolder(), 'token');
    await writeFile(file, 'ada-1\n');
    const subjects = ['ada-1', () => 'ada-1', async () => ({ accessToken: 'ada-1' }), fileSource(file), person()];
    for (const subject of subjects) {
      const token = await exchange(server, { subject }).getToken();
      expect(server.issued.get(token.accessToken)?.sub).toBe('ada-1');
    }
  });

  it('the id token of an authorizer, where that is what is exchanged (C25)', async () => {
    const server = await grants();
    server.parties.set('the-id-token', { sub: 'ada', type: `${TYPE}id_token` });
    const subject = new Authorizer(() => Promise.resolve<Token>({ accessToken: 'a', idToken: 'the-id-token' }));
    const token = await exchange(server, { subject, subjectTokenType: 'id_token' }).getToken();
    expect(server.issued.get(token.accessToken)?.sub).toBe('ada');
    const without = exchange(server, { subject: person(), subjectTokenType: 'id_token' });
    expect(await failureOf(without.getToken())).toMatchObject({ code: 'configuration' });
  });

  it.each([
    ['nothing', () => ''],
    ['a token with its line end', () => 'ada-1\n'],
    ['undefined', () => Object(undefined) as string],
  ])('%s is not sent (C16, C25)', async (_what, subject) => {
    const server = await grants();
    expect(await failureOf(exchange(server, { subject }).getToken())).toMatchObject({ code: 'configuration' });
    expect(server.forms).toHaveLength(0);
  });

  it.each([
    ['no subject', { subject: '' }],
    ['a subject that is none', { subject: {} }],
    ['an actor that is none', { actor: 7 }],
    ['parameters that are none', { parameters: 'x' }],
    ['an unknown option', { subjectType: 'jwt' }],
  ])('%s is a ConfigurationError at once (C25)', (_what, options) => {
    const given = { tokenUrl: 'https://id.example.org/token', subject: 'a', ...options };
    expect(thrownBy(() => Reflect.apply(tokenExchangeSource, undefined, [given]))).toMatchObject({
      code: 'configuration',
    });
  });
});

describe('the chain', () => {
  it('each exchange hands in the subject’s token of that time (C25)', async () => {
    const server = await grants();
    const subject = person();
    const chain = exchange(server, { subject });
    await chain.getToken();
    await subject.getToken({ force: true });
    await chain.getToken({ force: true });
    expect(server.forms.map((form) => form.get('subject_token'))).toEqual(['ada-1', 'ada-2']);
  });

  it('a subject that the server refuses is refreshed once, and exchanged again (C25)', async () => {
    const server = await grants();
    const subject = person();
    const chain = exchange(server, { subject });
    server.parties.delete('ada-1');
    expect(server.issued.get((await chain.getToken()).accessToken)?.sub).toBe('ada-2');
    server.parties.clear();
    expect(await failureOf(chain.getToken({ force: true }))).toMatchObject({ error: 'invalid_request' });
    expect(server.forms.map((form) => form.get('subject_token'))).toEqual(['ada-1', 'ada-2', 'ada-2', 'ada-3']);
  });

  it('a text that is refused is not handed in twice (C25)', async () => {
    const server = await grants();
    expect(await failureOf(exchange(server, { subject: 'unknown' }).getToken())).toMatchObject({
      kind: 'configuration',
    });
    expect(server.forms).toHaveLength(1);
  });

  it('the subject’s logout ends it: the exchanged token is used no more, and onSessionEnd is told once (C17, C18, C25)', async () => {
    const server = await grants();
    const subject = person();
    const ended: string[] = [];
    const store = memoryTokenStore();
    const source = tokenExchangeSource({ tokenUrl: server.tokenUrl, subject });
    const chain = new Authorizer(source, { store, onSessionEnd: ({ code }) => void ended.push(code) });
    const token = await chain.getToken();
    expect(chain.authenticated).toBe(true);
    await subject.logout();
    expect([chain.token, chain.authenticated]).toEqual([undefined, false]);
    const next = await chain.getToken(); // a machine's subject signs in again
    expect(next.accessToken).not.toBe(token.accessToken);
    expect(ended).toEqual(['logged_out']);
  });

  it('another person who signs in at the subject gets none of the exchanged tokens of the one before (C17, C25)', async () => {
    const server = await grants();
    const api = await resourceServer();
    const subject = new Authorizer(() => Promise.reject(new Error('nobody asks')));
    const chain = exchange(server, { subject });
    const client = create({ baseURL: api.origin, validateStatus: null });
    attachAuth(client, chain);
    for (const name of ['ada-1', 'ben-1']) {
      await subject.setToken({ accessToken: name });
      await client.get('/data');
    }
    const sent = api.requests.map(({ headers }) => String(headers['authorization']).slice('Bearer '.length));
    expect(sent.map((token) => server.issued.get(token)?.sub)).toEqual(expect.arrayContaining(['ada-1', 'ben-1']));
    expect(server.issued.get(sent.at(-1) ?? '')?.sub).toBe('ben-1');
    await subject.logout();
    expect(chain.token).toBeUndefined();
  });

  it('a logout of the subject while it is exchanged: what comes is handed out to nobody (C17, C25)', async () => {
    const server = await grants();
    const subject = person();
    const source = tokenExchangeSource({
      tokenUrl: server.tokenUrl,
      subject,
      clientAuth: () => subject.logout(),
    });
    const chain = new Authorizer(source);
    expect(await failureOf(chain.getToken())).toMatchObject({ code: 'logged_out' });
    expect(chain.token).toBeUndefined();
  });

  it('a token that another process has exchanged ends with the subject here as well (C17, C25)', async () => {
    const server = await grants();
    const subject = person();
    const store = memoryTokenStore();
    await store.save({ accessToken: 'exchanged-elsewhere' });
    const chain = new Authorizer(tokenExchangeSource({ tokenUrl: server.tokenUrl, subject }), { store });
    expect((await chain.getToken()).accessToken).toBe('exchanged-elsewhere');
    await subject.getToken();
    expect((await chain.getToken()).accessToken).toBe('exchanged-elsewhere');
    await subject.logout();
    expect(chain.token).toBeUndefined();
    expect((await chain.getToken()).accessToken).not.toBe('exchanged-elsewhere');
  });

  it.each([
    ['after a sign-out', undefined, 'not_authenticated'],
    ['where another person has signed in since', 'ben-1', 'ben-1'],
  ])(
    'a process that starts later uses no token that a store kept of the one before, %s (C17, C25)',
    async (_when, next, expected) => {
      const server = await grants();
      const [sessions, exchanged] = [memoryTokenStore(), memoryTokenStore()];
      const nobody = () =>
        Promise.reject(new AuthenticationError('nobody', { code: 'not_authenticated', kind: 'session' }));
      const process = (): readonly [Authorizer, Authorizer] => {
        const subject = new Authorizer(nobody, { store: sessions });
        const source = tokenExchangeSource({ tokenUrl: server.tokenUrl, subject });
        return [subject, new Authorizer(source, { store: exchanged })];
      };
      const [subject, chain] = process();
      await subject.setToken({ accessToken: 'ada-1' });
      await chain.getToken();
      await subject.logout();
      const [later, laterChain] = process();
      if (next) await later.setToken({ accessToken: next });
      const found = await laterChain.getToken().then(
        ({ accessToken: given }) => server.issued.get(given)?.sub,
        ({ code }: AuthenticationError) => code,
      );
      expect(found).toBe(expected);
    },
  );

  it.each([
    ['says nothing of itself', {}],
    ['has a refresh token that says nothing either', { refreshToken: 'opaque' }],
  ])(
    'a process that starts later exchanges anew where the subject’s token %s: nothing tells its sessions apart (C17, C25)',
    async (_what, further) => {
      const server = await grants();
      const exchanged = memoryTokenStore();
      const process = (name: string): readonly [Authorizer, Authorizer] => {
        const subject = new Authorizer(() => Promise.resolve({ accessToken: name, ...further }));
        return [
          subject,
          new Authorizer(tokenExchangeSource({ tokenUrl: server.tokenUrl, subject }), { store: exchanged }),
        ];
      };
      const [subject, chain] = process('ada-1');
      const first = await chain.getToken();
      expect(await chain.getToken()).toEqual(first);
      await subject.logout();
      const [later, laterChain] = process('ben-1');
      expect((await laterChain.getToken()).accessToken).not.toBe(first.accessToken);
      await later.logout();
      const [last, lastChain] = process('ada-2');
      await last.getToken(); // known to be somebody before the store is looked into
      expect(server.issued.get((await lastChain.getToken()).accessToken)?.sub).toBe('ada-2');
    },
  );

  it('of two processes that exchange at once each uses its own, whatever the other has saved first (C6, C25)', async () => {
    const server = await grants();
    const exchanged = Object.assign(memoryTokenStore(), { exclusive: undefined });
    const chains = [0, 1].map(() => {
      const source = tokenExchangeSource({ tokenUrl: server.tokenUrl, subject: person() });
      return new Authorizer(source, { store: exchanged });
    });
    const before = await Promise.all(chains.map((chain) => chain.getToken()));
    expect(new Set(before.map(({ accessToken: value }) => value)).size).toBe(2);
    const after = await Promise.all(chains.map((chain) => chain.getToken({ force: true })));
    expect(chains.map(({ token }) => token?.accessToken)).toEqual(after.map(({ accessToken: value }) => value));
  });

  it('the logout of an authorizer that acts ends it as well, in this process and in the next (C17, C25)', async () => {
    const server = await grants();
    const store = memoryTokenStore();
    const process = (): readonly [Authorizer, Authorizer] => {
      const actor = person();
      const source = tokenExchangeSource({ tokenUrl: server.tokenUrl, subject: 'ben-1', actor });
      return [actor, new Authorizer(source, { store })];
    };
    const [actor, chain] = process();
    const token = await chain.getToken();
    expect(server.issued.get(token.accessToken)).toMatchObject({ sub: 'ben-1', actor: 'ada-1' });
    await actor.getToken({ force: true });
    expect(chain.token).toBe(token);
    await actor.logout();
    expect([chain.token, chain.authenticated]).toEqual([undefined, false]);
    const [, later] = process();
    expect((await later.getToken()).accessToken).not.toBe(token.accessToken);
  });

  it('beside a subject with a session the actor’s counts too, and the other way round (C17, C25)', async () => {
    const server = await grants();
    const [subject, actor] = [person(), person('ada')];
    const chain = exchange(server, { subject, actor });
    await chain.getToken();
    await actor.logout();
    expect(chain.token).toBeUndefined();
    await chain.getToken();
    await subject.logout();
    expect(chain.token).toBeUndefined();
  });

  it('a logout of the actor while it is exchanged: what comes is handed out to nobody (C17, C25)', async () => {
    const server = await grants();
    const actor = person();
    const chain = exchange(server, { actor, clientAuth: () => actor.logout() });
    expect(await failureOf(chain.getToken())).toMatchObject({ code: 'logged_out' });
    expect(chain.token).toBeUndefined();
  });

  it('an actor that the server refuses is refreshed once, and exchanged again (C25)', async () => {
    const server = await grants();
    const chain = exchange(server, { subject: 'ben-1', actor: person() });
    server.parties.delete('ada-1');
    expect(server.issued.get((await chain.getToken()).accessToken)?.actor).toBe('ada-2');
    expect(server.forms.map((form) => form.get('actor_token'))).toEqual(['ada-1', 'ada-2']);
  });

  it('where nobody waits for a sign-in, it has the subject’s: requests are anonymous before and after, and none between (C18, C25)', async () => {
    const server = await grants();
    const api = await resourceServer();
    const store = memoryTokenStore();
    const signedIn = new Authorizer(() => Promise.reject(new Error('nobody asks')), { store });
    const subject = new Authorizer(() => Promise.reject(new Error('nobody asks')), { store }); // as in a process that starts
    for (const source of [
      tokenExchangeSource({ tokenUrl: server.tokenUrl, subject, actor: 'robot' }),
      firstOf({ exchanged: tokenExchangeSource({ tokenUrl: server.tokenUrl, subject }) }),
    ]) {
      const chain = new Authorizer(source);
      const client = create({ baseURL: api.origin, validateStatus: null });
      attachAuth(client, chain, { signedOut: 'anonymous' });
      await client.get('/data');
      await signedIn.setToken({ accessToken: 'ada-1' });
      await client.get('/data');
      await signedIn.logout();
      await subject.getToken().catch(() => undefined); // hears of it
      await client.get('/data');
    }
    const [before, between, after, ...again] = api.requests.map(({ headers }) => headers['authorization']);
    expect([before, after]).toEqual([undefined, undefined]);
    expect(between).toMatch(/^Bearer exchanged-/);
    expect(again).toEqual([undefined, expect.stringMatching(/^Bearer exchanged-/), undefined]);
  });

  it('a text beside a source that may begin a sign-in leaves requests anonymous (C18, C25)', async () => {
    const server = await grants();
    const api = await resourceServer();
    const asked: string[] = [];
    const authorize = async (): Promise<Token> => (asked.push('a sign-in'), { accessToken: 'ada-1' });
    for (const subject of [new Authorizer(authorize), { getToken: authorize }]) {
      const client = create({ baseURL: api.origin, validateStatus: null });
      attachAuth(client, exchange(server, { subject, actor: 'robot' }), { signedOut: 'anonymous' });
      await client.get('/data');
    }
    expect(api.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined]);
    expect(asked).toEqual([]);
  });

  it('a refresh of the subject ends nothing (C25)', async () => {
    const server = await grants();
    const subject = person();
    const chain = exchange(server, { subject });
    const { accessToken: before } = await chain.getToken();
    await subject.getToken({ force: true });
    expect((await chain.getToken()).accessToken).toBe(before);
  });

  it('a chain of a chain ends with the first, also as one of several sources (C25, C27)', async () => {
    const server = await grants();
    const subject = person();
    const middle = new Authorizer(firstOf({ exchanged: tokenExchangeSource({ tokenUrl: server.tokenUrl, subject }) }));
    const inTheMiddle = await middle.getToken();
    server.parties.set(inTheMiddle.accessToken, { sub: 'middle', type: accessToken });
    const last = exchange(server, { subject: middle });
    await last.getToken();
    await subject.logout();
    expect([middle.token, last.token]).toEqual([undefined, undefined]);
  });

  it('a refresh token that the server gives goes on for a text, and is left for an authorizer’s token (C25)', async () => {
    const server = await grants({ refreshTokens: true });
    const [text, chain] = [exchange(server, { subject: 'ada-1' }), exchange(server, { subject: person() })];
    for (const authorizer of [text, chain]) {
      await authorizer.getToken();
      await authorizer.getToken({ force: true });
    }
    const types = server.forms.map((form) => form.get('grant_type')?.split(':').at(-1));
    expect(types).toEqual(['token-exchange', 'refresh_token', 'token-exchange', 'token-exchange']);
    expect(chain.token?.refreshToken).toBeUndefined();
  });

  it('the new token ends when the server says, not when the subject does (C25)', async () => {
    const clock = new ManualClock();
    const server = await grants({ expiresIn: 30 });
    const subject = new Authorizer(
      () => Promise.resolve<Token>({ accessToken: 'ada-1', expiresAt: new Date(clock.now() + 3_600_000) }),
      { clock },
    );
    const source = tokenExchangeSource({ tokenUrl: server.tokenUrl, subject, clock, defaultLifetimeMs: 9e9 });
    const token = await new Authorizer(source, { clock }).getToken();
    expect(token.expiresAt).toEqual(new Date(clock.now() + 30_000));
  });
});

describe('what comes', () => {
  it('what is no access token is bound to no key, and taken beside `dpop` as well (C23, C25)', async () => {
    const server = await grants();
    const chain = exchange(server, { requestedTokenType: 'refresh_token', dpop: await dpopProof() });
    const { tokenType, boundTo } = await chain.getToken();
    expect([tokenType, boundTo]).toEqual(['N_A', undefined]);
  });

  it('what is no access token is data, and cannot be attached (C25)', async () => {
    const server = await grants();
    const api = await resourceServer();
    const chain = exchange(server, { requestedTokenType: 'refresh_token' });
    const token = await chain.getToken();
    expect(token).toMatchObject({ tokenType: 'N_A', issuedTokenType: `${TYPE}refresh_token` });
    const client = create({ baseURL: api.origin });
    attachAuth(client, chain);
    expect(await failureOf(client.get('/data'))).toMatchObject({ code: 'configuration' });
    expect(thrownBy(() => chain.headersFor(token))).toMatchObject({ code: 'configuration' });
    expect(api.requests).toHaveLength(0);
  });

  it('another type than was asked for is refused; a server that says nothing of it is believed (C25)', async () => {
    const server = await grants();
    server.answer = { issued_token_type: `${TYPE}saml2\u001b[2J` };
    const error = await failureOf(exchange(server, { requestedTokenType: 'access_token' }).getToken());
    expect(error).toMatchObject({ code: 'invalid_response', kind: 'configuration' });
    expect(String(error)).not.toContain('\u001b');
    server.answer = { issued_token_type: undefined };
    await expect(exchange(server, { requestedTokenType: 'access_token' }).getToken()).resolves.toBeDefined();
  });

  it('a target that the server does not know says so (C25)', async () => {
    const server = await grants({ audiences: ['reports'] });
    const error = await failureOf(exchange(server, { audience: 'nonsense' }).getToken());
    expect(error).toMatchObject({ error: 'invalid_target', kind: 'configuration' });
    expect(String(error)).not.toContain('ada-1');
  });
});

describe('assertions', () => {
  const key = 'shared between issuer and server';
  const issuer = 'https://broker.example.org';

  function assertion(server: AssertionGrants, further: object = {}): string {
    const exp = Math.floor(Date.now() / 1000) + 60;
    const jti = `${Math.random()}`;
    return signedAssertion({ iss: issuer, sub: 'ada', aud: server.tokenUrl, exp, jti, ...further }, key);
  }

  it('an assertion brings a token, and each attempt hands in another (C25)', async () => {
    const server = await grants({ assertionKey: key, assertionIssuer: issuer });
    const source = jwtBearerSource({ tokenUrl: server.tokenUrl, assertion: () => assertion(server), scope: 'reports' });
    const authorizer = new Authorizer(source);
    const token = await authorizer.getToken();
    expect(server.issued.get(token.accessToken)?.sub).toBe('ada');
    await authorizer.getToken({ force: true });
    const [one, other] = server.forms;
    expect(Object.fromEntries(one ?? [])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: one?.get('assertion'),
      scope: 'reports',
    });
    expect(other?.get('assertion')).not.toBe(one?.get('assertion'));
  });

  it('a text is handed in as it is, and a refresh token goes on where there is one (C25)', async () => {
    const server = await grants({ assertionKey: key, assertionIssuer: issuer, refreshTokens: true });
    const authorizer = new Authorizer(jwtBearerSource({ tokenUrl: server.tokenUrl, assertion: assertion(server) }));
    await authorizer.getToken();
    await authorizer.getToken({ force: true });
    expect(server.forms.map((form) => form.get('grant_type')?.split(':').at(-1))).toEqual([
      'jwt-bearer',
      'refresh_token',
    ]);
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'https://other.example/token' }],
    ['one that has expired', { exp: 1 }],
  ])('%s is refused as credentials, and the assertion is in no message (C11, C25)', async (_what, further) => {
    const server = await grants({ assertionKey: key, assertionIssuer: issuer });
    const text = assertion(server, further);
    const source = jwtBearerSource({ tokenUrl: server.tokenUrl, assertion: text });
    const error = await failureOf(source.authorize(tokenRequest()));
    expect(error).toMatchObject({ kind: 'credentials', error: 'invalid_grant' });
    expect(JSON.stringify(error) + String(error)).not.toContain(text.split('.')[2]);
  });

  it.each([
    ['no assertion', { assertion: '' }],
    ['a function that gives nothing', { assertion: () => '' }],
    ['one with its line end', { assertion: 'a.b.c\n' }],
  ])('%s is a ConfigurationError, and nothing is sent (C16, C25)', async (_what, options) => {
    const server = await grants();
    const work = async (): Promise<unknown> =>
      new Authorizer(jwtBearerSource({ tokenUrl: server.tokenUrl, ...options })).getToken();
    expect(await failureOf(work())).toMatchObject({ code: 'configuration' });
    expect(server.forms).toHaveLength(0);
  });
});
