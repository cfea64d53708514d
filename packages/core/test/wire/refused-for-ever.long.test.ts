// What happens when an API refuses every token?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { attachAuth } from '../../src/index.js';
import { OVER_FETCH } from './over-fetch.js';
import { rejection, stage, statusOf, tally, upTo } from './world.js';
import type { World, WorldOptions } from './world.js';

const theStage = stage();
const { api: anotherApi } = theStage;
const nobody = (_bearer?: string): boolean => false;

/** A client of an API that knows the tokens, beside one that refuses everybody. */
async function beside({ idp, auth }: World): Promise<AxiosInstance> {
  const good = await anotherApi({ accepts: (bearer) => bearer !== undefined && idp.valid(bearer) });
  const other = axios.create({ baseURL: good.origin });
  attachAuth(other, auth);
  return other;
}

describe.each(['http', OVER_FETCH])('through the %s adapter', (adapter) => {
  const world = (options: WorldOptions = {}): Promise<World> => theStage.world({ config: { adapter }, ...options });

  it('a hundred requests at once to an API that refuses everybody cost one refresh and two calls each at most (C7)', async () => {
    const { client, idp, api } = await world({ api: { accepts: nobody } });
    const errors = await Promise.all(upTo(100).map((index) => rejection(client.get(`/items/${index}`))));
    expect(tally(errors.map(({ response }) => response?.status))).toEqual({ 401: 100 });
    expect(errors.every((error) => axios.isAxiosError(error))).toBe(true);
    expect(new Set(errors).size).toBe(100);
    expect(idp.calls).toBe(2);
    expect(api.requests.length).toBeLessThanOrEqual(200);
  });

  it('a hundred requests in a row to an API that refuses everybody cost five refreshes at most (C7)', async () => {
    const { client, idp, api } = await world({ api: { accepts: nobody } });
    const statuses: (number | undefined)[] = [];
    for (const index of upTo(100)) statuses.push(await statusOf(client.get(`/items/${index}`)));
    expect(tally(statuses)).toEqual({ 401: 100 });
    expect(idp.calls).toBeLessThanOrEqual(1 + 5);
    expect(api.requests.length).toBeLessThanOrEqual(200);
  });

  it('while its route cools down a 401 comes back as it came, with one call (C7)', async () => {
    const { client, idp, api } = await world({ api: { accepts: nobody } });
    await rejection(client.get('/closed'));
    const before = { tokens: idp.calls, requests: api.requests.length };
    const error = await rejection(client.get('/closed'));
    expect(error.response?.data).toEqual({ error: 'invalid_token' });
    expect(error.message).toBe('Request failed with status code 401');
    expect(idp.calls).toBe(before.tokens);
    expect(api.requests).toHaveLength(before.requests + 1);
  });

  it('the rest is over after a while, and grows each time it was in vain (C7)', async () => {
    const { client, idp, clock } = await world({ idp: { expiresIn: null }, api: { accepts: nobody } });
    await rejection(client.get('/items'));
    for (const [afterMs, calls] of [
      [1_999, 2],
      [1, 3],
      [3_999, 3],
      [1, 4],
    ] as const) {
      await clock.advance(afterMs);
      await rejection(client.get('/items'));
      expect(idp.calls).toBe(calls);
    }
  });

  it('an API that rejects everybody does not keep requests to another from being retried (C7)', async () => {
    const scene = await world({ api: { accepts: nobody } });
    const other = await beside(scene);
    for (const index of upTo(10)) await rejection(scene.client.get(`/closed/${index}`));
    expect(scene.idp.calls).toBe(5);
    scene.idp.revokeAll();
    expect(await statusOf(other.get('/retried'))).toBe(200);
    expect(scene.idp.calls).toBe(6);
    expect(await statusOf(scene.client.get('/cools-down'))).toBe(401);
    expect(scene.idp.calls).toBe(6);
  });

  it('what another API accepts ends no cool-down: a hundred requests to each in turn cost four refreshes (C7)', async () => {
    const scene = await world({ api: { accepts: nobody } });
    const other = await beside(scene);
    const statuses: (number | undefined)[] = [];
    for (const index of upTo(100))
      for (const client of [scene.client, other]) statuses.push(await statusOf(client.get(`/items/${index}`)));
    expect(tally(statuses)).toEqual({ 200: 100, 401: 100 });
    expect(scene.idp.calls).toBe(1 + 4);
  });

  it('a route that rejects everybody cools down by itself, whatever other routes of its API accept (C7)', async () => {
    const { client, idp, api } = await world();
    api.route('/closed', (_request, response) => void response.writeHead(401).end());
    const statuses: (number | undefined)[] = [];
    for (const index of upTo(100))
      for (const path of ['/closed', `/items/${index}`]) statuses.push(await statusOf(client.get(path)));
    expect(tally(statuses)).toEqual({ 200: 100, 401: 100 });
    expect(idp.calls).toBe(2);
  });

  it('what a route accepts ends its cool-down, through whichever client and with whatever query (C7)', async () => {
    let accepts = nobody;
    const { client, idp, auth, api } = await world({ api: { accepts: (bearer) => accepts(bearer) } });
    await rejection(client.get('/v2/items'));
    accepts = (bearer) => bearer !== undefined && idp.valid(bearer);
    const another = axios.create({ baseURL: `${api.origin}/v2` });
    attachAuth(another, auth);
    await another.get('/items?page=2');
    idp.revokeAll();
    expect(await statusOf(client.get('/v2/items'))).toBe(200);
    expect(idp.calls).toBe(3);
  });

  it('a logout ends every cool-down (C7)', async () => {
    const { client, idp, auth } = await world({ api: { accepts: nobody } });
    await rejection(client.get('/closed'));
    await auth.logout();
    await rejection(client.get('/closed'));
    expect(idp.calls).toBe(4);
  });

  it('a replaced token that is refused later on, after it was accepted, is replaced again (C7)', async () => {
    const { client, idp } = await world();
    await client.get('/first');
    for (const calls of [2, 3, 4]) {
      idp.revokeAll();
      expect(await statusOf(client.get('/retried'))).toBe(200);
      expect(idp.calls).toBe(calls);
    }
  });
});
