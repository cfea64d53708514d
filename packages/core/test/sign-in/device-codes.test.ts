// A code is shown, and the server is asked until a person has typed it in elsewhere: how often, for how long, and what is shown?
import { ManualClock, until } from '@axios-authorizer/test-kit';
import {
  AuthenticationError,
  Authorizer,
  deviceCodeSource,
  firstOf,
  publicClient,
  SignInError,
} from '../../src/index.js';
import type { AuthEvent, UserCode } from '../../src/index.js';
import { failureOf, loopback, tokenRequest } from '../endpoint/stage.js';
import { device } from './device.js';

const pending = 'authorization_pending';
const token = { access_token: 'signed-in', expires_in: 300, refresh_token: 'r' };

it('the code is asked for with client and scope, shown, and polled with its secret (C25)', async () => {
  const codes: UserCode[] = [];
  const complete = 'https://id.example.org/activate?user_code=WDJB-MJHT';
  const { source, polls, codeRequests } = await device({
    answer: { verification_uri: 'https://id.example.org/activate', verification_uri_complete: complete },
    options: { onUserCode: (code) => codes.push(code), parameters: { audience: 'films' } },
  });
  const signedIn = await source.authorize(tokenRequest());
  expect(signedIn).toMatchObject({ accessToken: 'signed-in', scope: 'films' });
  expect(codeRequests.map(Object.fromEntries)).toEqual([{ client_id: 'tv', scope: 'films', audience: 'films' }]);
  const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'secret-code' };
  expect(polls.map(Object.fromEntries)).toEqual([{ ...grant, client_id: 'tv', audience: 'films' }]);
  expect(codes).toEqual([
    {
      userCode: 'WDJB-MJHT',
      verificationUri: 'https://id.example.org/activate',
      verificationUriComplete: complete,
      expiresAt: new Date(Date.UTC(2026, 0, 1, 0, 10)),
    },
  ]);
});

describe('how often it asks', () => {
  it('every 5 s where nothing is said, and slow_down adds 5 s for good (C25)', async () => {
    const { source, waits } = await device({ polls: [pending, 'slow_down', pending, 'slow_down', pending, token] });
    await source.authorize(tokenRequest());
    expect(waits).toEqual([5_000, 5_000, 10_000, 10_000, 15_000, 15_000]);
  });

  it.each([
    [7, 7_000],
    ['7', 7_000],
    [0, 1_000],
    [-1, 5_000],
    ['soon', 5_000],
    [null, 5_000],
  ])('an interval of %j is %i ms (C25)', async (interval, ms) => {
    const { source, waits } = await device({ polls: [pending, token], answer: { interval } });
    await source.authorize(tokenRequest());
    expect(waits).toEqual([ms, ms]);
  });

  it('an outage is waited out, twice as long each time up to a minute, until there is an answer (C25)', async () => {
    const { source, waits } = await device({ polls: [503, 503, 503, 503, 503, pending, 503, token] });
    await source.authorize(tokenRequest());
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 5_000, 10_000]);
  });

  it('a poll that is not answered within 30 s backs off as well (C25)', async () => {
    const { source, waits, polls } = await device({ polls: ['silence', 'silence', token] });
    await source.authorize(tokenRequest());
    expect(waits).toEqual([5_000, 10_000, 20_000]);
    expect(polls).toHaveLength(3);
  });

  it('a server that asks for a longer wait gets it (C25)', async () => {
    const { source, waits } = await device({ polls: [429, token], retryAfter: '90' });
    await source.authorize(tokenRequest());
    expect(waits).toEqual([5_000, 90_000]);
  });
});

describe('how it ends', () => {
  it.each(['access_denied', 'expired_token', 'invalid_grant'])(
    '%s is a session, and no cool-down (C25)',
    async (error) => {
      const { source, codeRequests } = await device({ polls: [pending, error] });
      const authorizer = new Authorizer(source);
      for (const tries of [1, 2]) {
        const failed = await failureOf(authorizer.getToken({ force: true }));
        expect(failed).toBeInstanceOf(SignInError);
        expect(failed).toMatchObject({
          code: 'sign_in_refused',
          kind: 'session',
          error,
          errorDescription: `It is ${error}`,
        });
        expect(codeRequests).toHaveLength(tries);
      }
      expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
    },
  );

  it('nobody comes: it ends with the life of the code, also where the server goes on to say slow_down (C25)', async () => {
    for (const answer of [pending, 'slow_down']) {
      const { source, waits, polls } = await device({ polls: [answer], answer: { interval: 60 } });
      const error = await failureOf(source.authorize(tokenRequest()));
      expect(error).toMatchObject({ code: 'sign_in_refused', kind: 'session' });
      expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(600_000);
      expect(polls.length).toBeLessThan(10);
    }
  });

  it('a server whose code never ends is asked for half an hour, or as long as is said (C25)', async () => {
    for (const [timeoutMs, longestMs] of [
      [undefined, 1_800_000],
      [60_000, 60_000],
    ] as const) {
      const { source, waits } = await device({
        polls: [pending],
        answer: { expires_in: 1e12, interval: 50 },
        options: { timeoutMs },
      });
      await failureOf(source.authorize(tokenRequest()));
      expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(longestMs);
    }
  });

  it('a client that the server does not know is no outage: it is asked once (C25)', async () => {
    const { source, polls } = await device({ polls: ['invalid_client'] });
    expect(await failureOf(source.authorize(tokenRequest()))).toMatchObject({
      kind: 'credentials',
      error: 'invalid_client',
    });
    expect(polls).toHaveLength(1);
  });

  it('a clock that jumps, forth or back, neither ends nor prolongs it (C25)', async () => {
    const hourMs = 3_600_000;
    const jumps = [5 * hourMs, -9 * hourMs, 0];
    const { source, waits } = await device({ polls: [pending, pending, token], waiting: () => jumps.shift() ?? 0 });
    await expect(source.authorize(tokenRequest())).resolves.toMatchObject({ accessToken: 'signed-in' });
    expect(waits).toHaveLength(3);
    const late = await device({ polls: [pending], answer: { interval: 60 }, waiting: () => -hourMs });
    await failureOf(late.source.authorize(tokenRequest()));
    expect(late.polls).toHaveLength(9);
  });

  it('a hook that cannot show the code ends it, with its error as the cause; one of ours is thrown as it is (C25)', async () => {
    const cancelled = new Error('the window was closed');
    const own = new AuthenticationError('No terminal', { code: 'not_authenticated', kind: 'configuration' });
    for (const fail of [
      () => {
        throw cancelled;
      },
      () => Promise.reject(cancelled),
    ]) {
      const { source } = await device({ polls: [pending], options: { onUserCode: fail } });
      const error = await failureOf(source.authorize(tokenRequest()));
      expect(error).toMatchObject({ code: 'sign_in_refused', kind: 'session', cause: cancelled });
    }
    const { source } = await device({ polls: [pending], options: { onUserCode: () => Promise.reject(own) } });
    expect(await failureOf(source.authorize(tokenRequest()))).toBe(own);
  });

  it('a hook that stays open, as a window does, holds nothing up (C25)', async () => {
    const { source } = await device({ polls: [pending, token], options: { onUserCode: () => new Promise(() => 0) } });
    await expect(source.authorize(tokenRequest())).resolves.toMatchObject({ accessToken: 'signed-in' });
  });

  it('a logout ends it: no question follows (C25)', async () => {
    const { source, polls } = await device({
      polls: [pending],
      waiting: () => {
        if (polls.length === 3) void authorizer.logout();
        return 0;
      },
    });
    const authorizer = new Authorizer(source);
    expect(await failureOf(authorizer.getToken({ force: true }))).toMatchObject({ code: 'logged_out' });
    expect(polls).toHaveLength(3);
  });
});

describe('what is shown', () => {
  it.each([
    ['a script', { verification_uri: 'javascript:alert(1)' }],
    ['plain http', { verification_uri: 'http://id.example.org/activate' }],
    ['a file', { verification_uri: 'file:///etc/passwd' }],
    ['somebody before the host', { verification_uri: 'https://id.example.org@evil.example/activate' }],
    ['a line end', { verification_uri: 'https://id.example.org/activate\nrm -rf' }],
    ['an escape of the terminal', { verification_uri: 'https://id.example.org/\u001b[2J' }],
    ['a path alone', { verification_uri: '/activate' }],
    ['nothing', { verification_uri: undefined }],
    ['a number', { verification_uri: 7 }],
    ['a script with the code in it', { verification_uri_complete: 'javascript:alert(1)' }],
    ['a code with an escape of the terminal', { user_code: '\u001b[31mWDJB' }],
    ['a code that turns the line round', { user_code: 'WDJB\u202eMJHT' }],
    ['a code with a line end', { user_code: 'WDJB\nMJHT' }],
    ['a code without end', { user_code: 'W'.repeat(101) }],
    ['an empty code', { user_code: '' }],
    ['no secret of its own', { device_code: undefined }],
  ])('%s is shown to nobody (C25)', async (_what, answer) => {
    let shown = 0;
    const { source, polls } = await device({ answer, options: { onUserCode: () => (shown += 1) } });
    const error = await failureOf(source.authorize(tokenRequest()));
    expect(error).toMatchObject({ code: 'invalid_response' });
    expect(String(error)).not.toContain('secret-code');
    expect([shown, polls.length]).toEqual([0, 0]);
  });

  it('plain http is shown where the program has said so, and Google’s spelling is read (C25)', async () => {
    const { source } = await device({
      answer: { verification_uri: undefined, verification_url: 'http://id.example.org/activate' },
      options: { allowInsecure: true },
    });
    await expect(source.authorize(tokenRequest())).resolves.toMatchObject({ accessToken: 'signed-in' });
  });
});

describe('limits', () => {
  it('the authorizer’s own limit does not cut the person short, and later refreshes have it (C4, C25)', async () => {
    const clock = new ManualClock();
    let polls = 0;
    const server = await loopback(({ url, body }, response) => {
      const isRefresh = new URLSearchParams(body.toString()).get('grant_type') === 'refresh_token';
      const issued = { device_code: 'd', user_code: 'u', verification_uri: 'https://id.example.org', expires_in: 900 };
      response.setHeader('content-type', 'application/json');
      if (url === '/device') response.end(JSON.stringify(issued));
      if (url === '/device' || isRefresh) return; // the refresh is not answered
      polls += 1;
      response.statusCode = polls < 24 ? 400 : 200;
      response.end(JSON.stringify(polls < 24 ? { error: pending } : token));
    });
    const events: AuthEvent[] = [];
    const source = deviceCodeSource({
      deviceAuthorizationUrl: `${server.origin}/device`,
      tokenUrl: `${server.origin}/token`,
      clientAuth: publicClient({ clientId: 'tv' }),
      onUserCode: () => undefined,
      clock,
    });
    const authorizer = new Authorizer(source, { clock, timeoutMs: 10_000, observer: (event) => events.push(event) });
    const signIn = authorizer.getToken({ force: true });
    for (let round = 1; round <= 24; round += 1) {
      await until(() => clock.nextInMs === 5_000, 'the wait for the next question');
      await clock.advance(5_000);
      await until(() => polls === round, 'the question');
    }
    expect((await signIn).accessToken).toBe('signed-in');
    const refresh = failureOf(authorizer.getToken({ force: true }));
    await until(() => clock.sleepers > 0, 'the limit of the refresh');
    await clock.advance(10_000);
    expect(await refresh).toMatchObject({ code: 'timeout' });
  });
});

it.each<readonly [string, object]>([
  ['no endpoint', { deviceAuthorizationUrl: '' }],
  ['a code that is shown to nobody', Object.fromEntries([['onUserCode', undefined]])],
  ['a limit that is none', { timeoutMs: 0 }],
  ['an unknown option', { onCode: () => 0 }],
])('%s is a ConfigurationError at once (C25)', async (_what, options) => {
  expect(await failureOf(device({ options }))).toMatchObject({ code: 'configuration' });
});

it('one of several sources cannot be one in which a person takes part (C25, C27)', async () => {
  const { source } = await device();
  expect(() => firstOf({ mounted: () => Promise.resolve('a'), person: source })).toThrow('person');
});
