// Servers may grant less than was asked for (RFC 6749 section 3.3): is that told, and nothing else?
import { authorize, notices, world } from '../stage.js';

async function toldOf(asked: string, granted: string | undefined): Promise<readonly string[]> {
  const stage = await world({ options: { scope: asked } });
  stage.server.nextToken({ json: { access_token: 'a', token_type: 'bearer', expires_in: 300, scope: granted } });
  const token = await authorize(stage.auth);
  expect(token.scope).toBe(granted ?? asked); // RFC 6749 section 5.1
  return notices(stage);
}

it.each<[asked: string, granted: string | undefined]>([
  ['system/*.rs', undefined],
  ['system/*.rs', 'system/*.rs'],
  ['system/Patient.rs', 'system/Patient.read'],
  ['system/Patient.read', 'system/Patient.rs'],
  ['system/Patient.cud', 'system/Patient.write'],
  ['system/Patient.*', 'system/Patient.cruds'],
  ['system/Patient.cruds', 'system/Patient.read system/Patient.write'],
  ['system/Patient.rs', 'system/Patient.r system/Patient.s'],
  ['system/Patient.r', 'system/*.cruds'],
  ['system/Patient.rs system/Observation.rs', 'system/*.read'],
  ['system/Observation.rs?category=laboratory', 'system/Observation.rs'],
  ['system/Observation.rs?category=laboratory', 'system/Observation.rs?category=laboratory'],
  ['system/*.rs', 'openid   system/*.rs launch'],
])('asked for %s, %s is not less (S1)', async (asked, granted) => {
  expect(await toldOf(asked, granted)).toEqual([]);
});

it.each([
  ['system/Patient.rs', 'system/Patient.r', 'system/Patient.rs'],
  ['system/Patient.cruds', 'system/Patient.read', 'system/Patient.cruds'],
  ['system/*.rs', 'system/Patient.rs', 'system/*.rs'],
  ['system/Patient.rs system/Observation.rs', 'system/Patient.rs', 'system/Observation.rs'],
  ['system/Patient.rs', 'user/Patient.rs', 'system/Patient.rs'],
  ['system/Observation.rs', 'system/Observation.rs?category=laboratory', 'system/Observation.rs'],
  ['system/Observation.rs?a=1', 'system/Observation.rs?a=2', 'system/Observation.rs?a=1'],
  ['system/*.rs openid', 'system/*.rs', 'openid'],
  ['system/Patient.rs', 'nonsense system/ /.rs', 'system/Patient.rs'],
])('asked for %s, %s lacks something, and the observer is told what (S1)', async (asked, granted, missing) => {
  expect(await toldOf(asked, granted)).toEqual([expect.stringContaining(`: ${missing} is missing`)]);
});

it('a lesser token is used all the same, and told of once (S1)', async () => {
  const stage = await world({ options: { scope: 'system/Patient.cruds system/Observation.rs' } });
  stage.server.nextToken({
    json: { access_token: 'a', token_type: 'bearer', expires_in: 300, scope: 'system/Patient.rs' },
  });
  expect((await stage.client.get('/Patient/1')).status).toBe(200);
  expect(notices(stage)).toHaveLength(1);
  expect(notices(stage)[0]).toContain('system/Patient.cruds system/Observation.rs');
});
