import { setTimeout as sleep } from 'node:timers/promises';
import { enter, sendMany } from '../load.mjs';

const SPREAD_MS = [10, 410];
/** For clients that go by the expiry alone; long enough for a round, since the servers are on the same machine. */
const SHORT_S = 2;

export const rotation = {
  name: 'rotation',
  title: 'Refresh tokens that are good for one use',
  about: ({ count }) =>
    `Two rounds of ${count} requests at once; before each the access token is revoked, and the 401s are spread over ${SPREAD_MS.join('–')} ms. Clients that go by the expiry alone get tokens of ${SHORT_S} s, and the rounds come after the expiry. A refresh token that is used twice ends the session, as RFC 9700 (4.14.2) wants it. Good: every request succeeds, no reuse, and one refresh a round.`,
  size: { full: { count: 60 }, smoke: { count: 10 } },
  columns: ['token calls', 'succeeded', 'refresh tokens used twice', 'session'],
  appliesTo: ({ isVerifier, opensPool }) => {
    if (isVerifier) return 'they verify tokens and send none.';
    return opensPool ? 'a user pool does not say that a refresh token was used twice.' : true;
  },
  async run(client, { count }) {
    const how = client.retries401
      ? { start: 'revoked', staggerMs: SPREAD_MS }
      : { start: 'expired', lifetimeS: SHORT_S };
    const { world, send, leave } = await enter(client, { rotating: true, ...how });
    const first = await sendMany(send, { count });
    await (client.retries401 ? world.revokeAll() : sleep(SHORT_S * 1000 + 100));
    const second = await sendMany(send, { count });
    const result = {
      ok: first.ok + second.ok,
      tokenCalls: world.tokenCalls(),
      reuses: world.reuses(),
      isAlive: world.isFamilyAlive(),
    };
    await leave();
    return result;
  },
  cells({ ok, tokenCalls, reuses, isAlive }, { count }) {
    const all = 2 * count;
    const mark = ok === all && isAlive ? (tokenCalls <= 4 ? 'good' : 'part') : 'bad';
    return [
      { mark, text: `${tokenCalls}` },
      { text: `${ok} of ${all}` },
      { text: `${reuses}` },
      { text: isAlive ? 'alive' : 'ended by the server' },
    ];
  },
};
