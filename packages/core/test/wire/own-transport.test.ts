// A `transport` of the caller's: does one that follows redirects by itself carry token or key along?
import http from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { createRequire } from 'node:module';
import { sendForm } from '../../src/extend.js';
import { rejection, stage, statusOf } from './world.js';
import { both, credentials, none, to, travel } from './travel.js';

const theStage = stage();
type Answered = (response: IncomingMessage) => void;
interface Transport {
  request(options: RequestOptions, answered: Answered): ClientRequest;
}

/** The one that axios itself uses. */
const followRedirects = createRequire(require.resolve('axios'))('follow-redirects') as { readonly http: Transport };

/** Written by hand: it knows no `followRedirects`, and hands on whatever stands in its options. */
const byHand: Transport = {
  request(options, answered) {
    return http.request(options, (response) => {
      const { location } = response.headers;
      if (location === undefined) return answered(response);
      const { hostname, port, pathname: path } = new URL(location);
      http.request({ ...options, hostname, port, path, method: 'GET' }, answered).end();
    });
  },
};

/** The same, on options that it copied before it sent anything. */
const byCopy: Transport = { request: (options, answered) => byHand.request({ ...options }, answered) };

const transports: readonly (readonly [string, Transport])[] = [
  ['follow-redirects', followRedirects.http],
  ['one written by hand', byHand],
  ['one that copies its options', byCopy],
];

it.each(transports)('%s takes neither token nor key to a stranger (C9)', async (_name, transport) => {
  const { client, api, stranger } = await travel(theStage, 'http');
  expect(await statusOf(client.get(to(`${stranger.origin}/x`), { transport }))).toBe(200);
  expect([credentials(api), credentials(stranger)]).toEqual([[both], [none]]);
});

it.each(transports)('%s under an adapter of the caller’s own neither (C9)', async (_name, transport) => {
  const { client, api, stranger } = await travel(theStage, 'http');
  const { getAdapter } = (await import('axios')).default;
  client.defaults.adapter = (config) => getAdapter('http')(config);
  expect(await statusOf(client.get(to(`${stranger.origin}/x`), { transport }))).toBe(200);
  expect([credentials(api), credentials(stranger)]).toEqual([[both], [none]]);
});

it('redirects that follow-redirects would have followed are followed, with both where they may go (C9)', async () => {
  const { client, api, friend } = await travel(theStage, 'http');
  const transport = followRedirects.http;
  const { data } = await client.post<unknown>(to(`${friend.origin}/x`, 307), { a: 1 }, { transport });
  expect(data).toMatchObject({ ok: true, path: '/x' });
  expect([credentials(api), credentials(friend)]).toEqual([[both], [both]]);
  expect(friend.requests[0]?.body.toString()).toBe('{"a":1}');
});

it('maxRedirects holds for it: the redirect itself, or no more than so many (C9)', async () => {
  const { client, api } = await travel(theStage, 'http');
  const transport = followRedirects.http;
  expect(await statusOf(client.get(to('/x'), { transport, maxRedirects: 0 }))).toBe(302);
  const error = await rejection(client.get(to(to('/x')), { transport, maxRedirects: 1 }));
  expect([error.code, api.requests.length]).toEqual(['ERR_FR_TOO_MANY_REDIRECTS', 3]);
});

it('a transport that does not follow gives the redirect itself, as without us (C9)', async () => {
  const { client, stranger } = await travel(theStage, 'http');
  expect(await statusOf(client.get(to(stranger.origin), { transport: http }))).toBe(302);
  expect(stranger.requests).toHaveLength(0);
});

it('a transport is called as its own method, with all options but the wish to follow (C9)', async () => {
  class Counting {
    readonly seen: RequestOptions[] = [];
    request(options: RequestOptions, answered: Answered): ClientRequest {
      this.seen.push({ ...options });
      return http.request(options, answered);
    }
  }
  const transport = new Counting();
  const { client } = await travel(theStage, 'http');
  const { config } = await client.get('/x', { transport, headers: { 'X-Mine': 'kept' } });
  expect(transport.seen).toMatchObject([{ path: '/x', followRedirects: false, headers: { 'X-Mine': 'kept' } }]);
  expect(config.transport).toBe(transport);
});

it.each(transports)(
  '%s does not carry a client secret from a token endpoint to another server (C9, C15)',
  async (_name, transport) => {
    const stranger = await theStage.api({ accepts: () => true });
    const idp = await theStage.server((_, response) => {
      response.writeHead(307, { location: `${stranger.origin}/token` }).end();
    });
    const headers = { Authorization: 'Basic secret' };
    await sendForm({ url: `${idp.origin}/token`, headers, transport: { transport } });
    expect(JSON.stringify(stranger.requests.map(({ rawHeaders }) => rawHeaders))).not.toContain('secret');
  },
);

it('follow-redirects follows nothing for a token endpoint, so that a secret in a body stays (C15)', async () => {
  const stranger = await theStage.api({ accepts: () => true });
  const idp = await theStage.server((_, response) => {
    response.writeHead(307, { location: `${stranger.origin}/token` }).end();
  });
  const transport = { transport: followRedirects.http };
  const answer = await sendForm({ url: `${idp.origin}/token`, body: 'client_secret=secret', transport });
  expect([answer.status, stranger.requests]).toEqual([307, []]);
});
