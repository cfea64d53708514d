// A route that accepts some requests and rejects others, as a GraphQL endpoint or a query decides: what does that cost?
import { stage, statusOf } from './world.js';

const { world } = stage();

it.each([100, 300])(
  '%d requests that a route always rejects, between as many that it accepts, cost a handful of refreshes (C7)',
  async (pairs) => {
    const scene = await world({ idp: { expiresIn: 100_000 } });
    scene.api.route('/search', ({ url }, response) => void response.writeHead(url.includes('bad') ? 401 : 200).end());
    for (let pair = 0; pair < pairs; pair += 1) {
      expect(await statusOf(scene.client.get('/search?q=bad'))).toBe(401);
      expect(await statusOf(scene.client.get('/search?q=good'))).toBe(200);
    }
    expect(scene.idp.calls).toBeLessThanOrEqual(6);
  },
);
