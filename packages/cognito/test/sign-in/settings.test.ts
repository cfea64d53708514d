// What cannot work is said before anything is sent, and where a pool lives is found in its id.
import { ConfigurationError } from '@axios-authorizer/core';
import type { ClientInfo } from '@axios-authorizer/core';
import type { InternalAxiosRequestConfig } from 'axios';
import { createCognitoClient, SRPAuthorizer } from '../../src/index.js';
import { alice, clientId, failureOf } from '../stage.js';
import type { SRPAuthorizerOptions } from '../../src/index.js';

const right = { userPoolId: 'eu-west-1_TestPool1', username: alice.username, password: alice.password } as const;

interface Tried {
  readonly error: unknown;
  /** Where requests went. */
  readonly sent: readonly string[];
}

/** A sign-in over a network that only writes down where it would have gone. */
async function tried(options: Partial<SRPAuthorizerOptions>, clientInfo: ClientInfo = { clientId }): Promise<Tried> {
  const sent: string[] = [];
  const adapter = ({ url }: InternalAxiosRequestConfig): Promise<never> => {
    sent.push(String(url));
    return Promise.reject(new Error('There is no network'));
  };
  const signIn = async (): Promise<unknown> => {
    const given = { ...right, maxRetries: 0, transport: { adapter }, ...options };
    return new SRPAuthorizer(clientInfo, given).getToken();
  };
  return { error: await failureOf(signIn()), sent };
}

it.each([
  ['eu-west-1_AbC123', 'https://cognito-idp.eu-west-1.amazonaws.com/'],
  ['ap-southeast-2_x', 'https://cognito-idp.ap-southeast-2.amazonaws.com/'],
  ['us-gov-west-1_AbC123', 'https://cognito-idp.us-gov-west-1.amazonaws.com/'],
  ['cn-north-1_AbC123', 'https://cognito-idp.cn-north-1.amazonaws.com.cn/'],
])('the pool %s is asked at %s (G1)', async (userPoolId, url) => {
  expect((await tried({ userPoolId })).sent).toEqual([url]);
});

it('an endpoint takes the place of AWS, and its pools need no region (G1)', async () => {
  const { sent } = await tried({ userPoolId: 'local_4Z2CSsqY', endpoint: 'https://emulator.example.com/idp' });
  expect(sent).toEqual(['https://emulator.example.com/idp']);
});

it.each(['', 'AbC123', 'eu-west-1', 'eu-west-1_', '_AbC123', 'eu-west-1-AbC123', 'eu-west-1_AbC 123', 'EU_AbC123'])(
  'the pool id %j is a ConfigurationError (G1)',
  async (userPoolId) => {
    const { error, sent } = await tried({ userPoolId });
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ kind: 'configuration', message: expect.stringContaining('userPoolId') as string });
    expect(sent).toEqual([]);
  },
);

it('an empty pool id is a ConfigurationError even beside an endpoint, since its name is part of each proof (G1)', async () => {
  const { error, sent } = await tried({ userPoolId: '', endpoint: 'https://emulator.example.com/' });
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(sent).toEqual([]);
});

it.each([
  'http://cognito-idp.eu-west-1.amazonaws.com/',
  'http://127.0.0.1.example.com/',
  'http://emulator:9229/',
  'emulator.example.com',
  'https://user:password@emulator.example.com/',
])('the endpoint %s is a ConfigurationError before anything is sent (G1)', async (endpoint) => {
  const { error, sent } = await tried({ endpoint });
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(sent).toEqual([]);
});

it.each(['http://127.0.0.1:9229/', 'http://localhost:9229/', 'http://[::1]:9229/'])(
  'an emulator on this machine may be asked unencrypted: %s (G1)',
  async (endpoint) => {
    expect((await tried({ endpoint })).sent).toEqual([endpoint]);
  },
);

it.each<[what: string, options: Partial<SRPAuthorizerOptions>]>([
  ['an empty username', { username: '' }],
  ['an empty password', { password: '' }],
  ['a password without a username', { username: undefined }],
  ['a function for a password without a username', { username: undefined, password: () => alice.password }],
])('%s is a ConfigurationError when the authorizer is made (G1)', (_, options) => {
  expect(() => new SRPAuthorizer({ clientId }, { ...right, ...options })).toThrow(ConfigurationError);
});

it('an empty client id is a ConfigurationError, which asks where it is read from (G1)', () => {
  expect(() => new SRPAuthorizer({ clientId: '' }, right)).toThrow(/clientId.*where is it read from/);
  expect(() => new SRPAuthorizer({ clientId: '' }, right)).toThrow(ConfigurationError);
});

it('a client of an API that is not said is a ConfigurationError: where may the token go? (G5)', () => {
  expect(() => createCognitoClient({ ...right, clientInfo: { clientId } })).toThrow(ConfigurationError);
});

it('without a password there is nothing to sign in with, and nothing is sent (G3)', async () => {
  const { error, sent } = await tried({ username: undefined, password: undefined });
  expect(error).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(sent).toEqual([]);
});
