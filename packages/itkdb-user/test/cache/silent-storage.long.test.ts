// A storage that says nothing any more, such as one behind a connection that was lost: does the answer come without it?
import { buildStorage } from 'axios-cache-interceptor';
import { notices, world } from '../stage.js';

it('a storage that hangs is given up after 2 s, and the next requests do not ask it (I7)', async () => {
  let calls = 0;
  const hang = (): Promise<never> => new Promise(() => (calls += 1));
  const cache = buildStorage({ find: hang, set: hang, remove: hang });
  const here = await world({ session: { cache, expiresAfter: { hours: 1 } } });
  for (let time = 0; time < 5; time += 1) expect((await here.session.get('listInstitutions')).status).toBe(200);
  expect([calls, here.itkdb.api.requests.length]).toEqual([1, 5]);
  expect(notices(here)).toEqual(['The cache failed: no answer within 2000 ms']);
}, 30_000);
