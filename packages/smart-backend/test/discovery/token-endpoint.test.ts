// Which token endpoint is used, and what does the assertion call it? Servers compare `aud` as text.
import { ConfigurationError } from '@axios-authorizer/core';
import { SMARTBackendAuth } from '../../src/index.js';
import { authorize, failureOf, world } from '../stage.js';
import type { World } from '../stage.js';

/** A server that names `endpoint` as its token endpoint; ORIGIN stands for its own. */
async function naming(endpoint: unknown): Promise<World> {
  const named: { endpoint: unknown } = { endpoint };
  const stage = await world({ server: { document: (complete) => ({ ...complete, token_endpoint: named.endpoint }) } });
  if (typeof endpoint === 'string') named.endpoint = endpoint.replace('ORIGIN', stage.server.origin);
  return stage;
}

it.each(['/auth/token', '../auth/token', './../auth/token'])(
  'a relative token endpoint %s is resolved against the FHIR base (S1)',
  async (endpoint) => {
    const { server, auth } = await naming(endpoint);
    await expect(authorize(auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
    expect(server.assertions[0]?.claims['aud']).toBe(server.tokenUrl);
  },
);

it('auth/token lies below the FHIR base, also when that has no slash at its end (S1)', async () => {
  const { server, auth, options } = await naming('auth/token');
  const slashed = new SMARTBackendAuth({ ...options, baseUrl: `${server.baseUrl}/` });
  for (const source of [auth, slashed])
    expect((await source.configuration()).tokenUrl).toBe(`${server.origin}/fhir/auth/token`);
});

it.each(['ORIGIN/auth/token', 'ORIGIN/auth/./token', 'ORIGIN/auth/token?tenant=a%20b', 'ORIGIN/auth/x/../token'])(
  'an absolute token endpoint %s is the audience to the letter (S1, S2)',
  async (endpoint) => {
    const { server, auth } = await naming(endpoint);
    server.alwaysToken({ json: { access_token: 'a', token_type: 'bearer', expires_in: 300 } });
    await authorize(auth);
    expect(server.assertions[0]?.claims['aud']).toBe(endpoint.replace('ORIGIN', server.origin));
  },
);

it('the audience keeps the case of the scheme and the port as they are written (S2)', async () => {
  const stage = await naming('');
  const written = stage.server.tokenUrl.replace('http:', 'HTTP:');
  const auth = new SMARTBackendAuth({ ...stage.options, tokenUrl: written });
  stage.server.alwaysToken({ json: { access_token: 'a', token_type: 'bearer', expires_in: 300 } });
  await authorize(auth);
  expect(stage.server.assertions[0]?.claims['aud']).toBe(written);
});

it.each<[what: string, endpoint: unknown]>([
  ['no token endpoint', undefined],
  ['an empty one', ''],
  ['a number', 7],
  ['null', null],
  ['a list', ['https://ehr.example.com/token']],
  ['garbage', 'http://[/token'],
  ['one unencrypted beyond this machine', 'http://ehr.example.com/token'],
  ['one of another scheme', 'ftp://ehr.example.com/token'],
  ['one that only begins like this machine', 'http://127.0.0.1.ehr.example.com/token'],
])('a document with %s is a ConfigurationError, and no assertion is sent (S1)', async (_, endpoint) => {
  const { server, auth } = await naming(endpoint);
  expect(await failureOf(authorize(auth))).toBeInstanceOf(ConfigurationError);
  expect([server.discoveries, server.calls]).toEqual([1, 0]);
});

it.each(['https://ehr.example.com/token#top', 'https://me:secret@ehr.example.com/token'])(
  'a token endpoint %s, which no URL of an endpoint may be, is a ConfigurationError (S1)',
  async (endpoint) => {
    const { auth } = await naming(endpoint);
    const error = await failureOf(authorize(auth));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).not.toContain('secret');
  },
);

it('tokenUrl skips discovery, and is the audience (S1)', async () => {
  const stage = await world({ server: { document: () => 'never read' } });
  const auth = new SMARTBackendAuth({ ...stage.options, tokenUrl: stage.server.tokenUrl });
  await authorize(auth);
  await authorize(auth);
  expect([stage.server.discoveries, stage.server.calls]).toEqual([0, 2]);
  expect(await auth.configuration()).toMatchObject({ tokenUrl: stage.server.tokenUrl, algorithms: undefined });
});

it('a tokenUrl unencrypted beyond this machine is a ConfigurationError, and nothing is sent (S1)', async () => {
  const { server, options } = await world();
  const made = (): unknown => new SMARTBackendAuth({ ...options, tokenUrl: 'http://ehr.example.com/token' });
  expect(made).toThrow(ConfigurationError);
  expect(server.requests).toEqual([]);
});
