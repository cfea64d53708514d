// Do an application's global axios settings reach the request for a token?
import axios from 'axios';
import { requestToken } from '../../src/extend.js';
import { adapters, afterwards, grant, loopback, tokenEndpoint } from './stage.js';

it.each(adapters)('global defaults do not touch a token request, over %s (C15)', async (adapter) => {
  const endpoint = await tokenEndpoint();
  const elsewhere = await loopback((_, response) => void response.end());
  const { common } = axios.defaults.headers;
  const kept = { ...axios.defaults, headers: { ...axios.defaults.headers, common: { ...common } } };
  afterwards(() => Object.assign(axios.defaults, kept));
  Object.assign(axios.defaults, {
    baseURL: elsewhere.origin,
    params: { global: 1 },
    auth: { username: 'u', password: 'p' },
    maxRedirects: 9,
    transformRequest: [() => 'replaced'],
    transformResponse: [() => 'replaced'],
    validateStatus: () => false,
    maxContentLength: 1,
    timeout: 1,
  });
  common['X-Global'] = 'here';
  afterwards(() => delete common['X-Global']);
  const token = await requestToken({ url: endpoint.url, body: grant(), transport: { adapter } });
  expect(token.accessToken).toBe('token-1');
  const [request] = endpoint.requests;
  expect(request).toMatchObject({ url: '/token' });
  expect(request?.body.toString()).toBe('grant_type=client_credentials');
  expect([request?.headers['x-global'], request?.headers.authorization]).toEqual([undefined, undefined]);
  expect(elsewhere.requests).toEqual([]);
});

it('interceptors of the default axios do not see a token request (C15)', async () => {
  const endpoint = await tokenEndpoint();
  let seen = 0;
  const count = <Value>(value: Value): Value => {
    seen += 1;
    return value;
  };
  const requestId = axios.interceptors.request.use(count);
  const responseId = axios.interceptors.response.use(count);
  afterwards(() => axios.interceptors.request.eject(requestId));
  afterwards(() => axios.interceptors.response.eject(responseId));
  await requestToken({ url: endpoint.url, body: grant() });
  expect([seen, endpoint.calls]).toEqual([0, 1]);
});
