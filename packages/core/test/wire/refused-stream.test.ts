// Does a refused answer that nobody reads hold its connection?
import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { stage } from './world.js';

const { world } = stage();
const agents: Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

function oneSocket(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

it.each([0, 10, 1_000_000])(
  'a refused stream of %i bytes does not keep the only socket from the resend (C8)',
  async (trickle) => {
    const { client, api, idp } = await world();
    await client.get('/first');
    api.next({ status: 401, trickle });
    const config = { responseType: 'stream', httpAgent: oneSocket() } as const;
    const { data } = await client.get<Readable>('/items', config);
    expect(JSON.parse(await text(data))).toMatchObject({ ok: true, path: '/items' });
    expect(idp.calls).toBe(2);
  },
);

it('ten refused streams in a queue for one socket are all retried (C8)', async () => {
  const { client, idp } = await world();
  await client.get('/first');
  idp.revokeAll();
  const config = { responseType: 'stream', httpAgent: oneSocket() } as const;
  const bodies = await Promise.all(
    Array.from({ length: 10 }, async (_, id) => text((await client.get<Readable>(`/items/${id}`, config)).data)),
  );
  expect(bodies.every((body) => body.includes('"ok":true'))).toBe(true);
  expect(idp.calls).toBe(2);
});

it('a refused web stream is cancelled, and the resend is read to its end (C8)', async () => {
  const { client, api } = await world({ config: { adapter: 'fetch' } });
  await client.get('/first');
  api.next({ status: 401, trickle: 1_000_000 });
  const { data } = await client.get<ReadableStream>('/stream?bytes=300000', { responseType: 'stream' });
  expect((await new Response(data).arrayBuffer()).byteLength).toBe(300_000);
});

it('the stream of a 401 that comes back as it came can still be read (C8)', async () => {
  const { client, api } = await world({ config: { validateStatus: () => true } });
  await client.get('/first');
  api.next({ status: 401, text: 'first' }, { status: 401, text: 'second' });
  const { status, data } = await client.get<Readable>('/items', { responseType: 'stream' });
  expect([status, await text(data)]).toEqual([401, 'second']);
});
