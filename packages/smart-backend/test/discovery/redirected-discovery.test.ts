// A SMART configuration may have moved: how far is it followed, and where not?
import { SMARTBackendAuth } from '../../src/index.js';
import { failureOf, loopback, world } from '../stage.js';
import type { SMARTBackendAuthOptions } from '../../src/index.js';

interface Detour {
  readonly options: SMARTBackendAuthOptions;
  readonly tokenUrl: string;
  readonly asked: () => readonly string[];
}

/** A FHIR base whose document lies at the end of these redirects; END stands for the document's own URL. */
async function detour(status: number, ...locations: readonly (string | undefined)[]): Promise<Detour> {
  const { server, options } = await world();
  const left = [...locations];
  const front = await loopback((_, response) => {
    const location = left.shift()?.replace('END', `${server.baseUrl}/.well-known/smart-configuration`);
    response.writeHead(status, location === undefined ? {} : { location }).end();
  });
  const asked = (): readonly string[] => front.requests.map(({ url }) => url);
  return { options: { ...options, baseUrl: `${front.origin}/fhir` }, tokenUrl: server.tokenUrl, asked };
}

const first = '/fhir/.well-known/smart-configuration';

it.each([301, 302, 303, 307, 308])('a %i is followed (S1)', async (status) => {
  const { options, tokenUrl, asked } = await detour(status, 'END');
  expect((await new SMARTBackendAuth(options).configuration()).tokenUrl).toBe(tokenUrl);
  expect(asked()).toEqual([first]);
});

it('three are followed, relative ones too (S1)', async () => {
  const { options, tokenUrl, asked } = await detour(302, '/moved', 'further?to=here', 'END');
  expect((await new SMARTBackendAuth(options).configuration()).tokenUrl).toBe(tokenUrl);
  expect(asked()).toEqual([first, '/moved', '/further?to=here']);
});

it('a fourth is not (S1)', async () => {
  const { options, asked } = await detour(302, '/1', '/2', '/3', 'END');
  expect(await failureOf(new SMARTBackendAuth(options).configuration())).toMatchObject({
    code: 'discovery_failed',
    kind: 'configuration',
    transient: false,
  });
  expect(asked()).toEqual([first, '/1', '/2', '/3']);
});

it.each([
  ['unencrypted beyond this machine', 'http://ehr.example.com/smart-configuration'],
  ['of another scheme', 'file:///etc/passwd'],
  ['that is no URL', 'http://[/smart-configuration'],
  ['that is missing', undefined],
])('a redirect to a place %s is discovery_failed (S1)', async (_, location) => {
  const { options } = await detour(302, location);
  expect(await failureOf(new SMARTBackendAuth(options).configuration())).toMatchObject({
    name: 'AuthenticationError',
    code: 'discovery_failed',
    kind: 'configuration',
    transient: false,
  });
});

it('a relative token endpoint belongs to the FHIR base that was asked for, not to where the document lay (S1)', async () => {
  const elsewhere = await loopback((_, response) => void response.end('{"token_endpoint": "auth/token"}'));
  const { options } = await detour(301, `${elsewhere.origin}/document`);
  const { tokenUrl } = await new SMARTBackendAuth(options).configuration();
  expect(tokenUrl).toBe(`${options.baseUrl}/auth/token`);
});
