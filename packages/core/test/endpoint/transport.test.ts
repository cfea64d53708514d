// Can an application say how our own requests leave?
import { Agent } from 'node:http';
import { until } from '@axios-authorizer/test-kit';
import { introspectToken, revokeToken } from '../../src/index.js';
import { requestToken } from '../../src/extend.js';
import { afterwards, failureOf, grant, loopback, tokenEndpoint } from './stage.js';
import type { Transport } from '../../src/index.js';

it('an agent of its own carries the request (C15)', async () => {
  const endpoint = await tokenEndpoint();
  const httpAgent = new Agent({ keepAlive: true });
  afterwards(() => httpAgent.destroy());
  await requestToken({ url: endpoint.url, body: grant(), transport: { httpAgent } });
  await until(() => Object.keys(httpAgent.freeSockets).length === 1, 'the socket to be kept by that agent');
  expect(endpoint.calls).toBe(1);
});

it('a proxy carries the request (C15)', async () => {
  const proxy = await loopback((_, response) => void response.end('{"access_token":"by-proxy"}'));
  const { hostname, port } = new URL(proxy.origin);
  const transport: Transport = { proxy: { protocol: 'http', host: hostname, port: Number(port) } };
  const token = await requestToken({ url: 'http://127.0.0.1:1/token', body: grant(), transport });
  expect(token.accessToken).toBe('by-proxy');
  expect(proxy.requests[0]).toMatchObject({ method: 'POST', url: 'http://127.0.0.1:1/token' });
});

it('an adapter of its own sends the request, introspection and revocation (C15, C16)', async () => {
  const seen: (string | undefined)[] = [];
  const transport: Transport = {
    adapter: (config) => {
      seen.push(config.url);
      const data = '{"access_token":"a","active":true}';
      return Promise.resolve({ data, status: 200, statusText: 'OK', headers: {}, config });
    },
  };
  const url = 'https://login.example.org/ask';
  await requestToken({ url, body: grant(), transport });
  await introspectToken({ url, token: 't', transport });
  await revokeToken({ url, token: 't', transport });
  expect(seen).toEqual([url, url, url]);
});

it('headers of its own travel along, without replacing ours (C15)', async () => {
  const endpoint = await tokenEndpoint();
  const transport: Transport = { headers: { 'X-Tenant': 'mine', Accept: 'text/html' } };
  await requestToken({ url: endpoint.url, body: grant(), transport });
  expect(endpoint.requests[0]?.headers).toMatchObject({ 'x-tenant': 'mine', accept: 'application/json' });
});

it('a timeout of its own ends the request as a transient failure (C15)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.next({ hang: true });
  const error = await failureOf(requestToken({ url: endpoint.url, body: grant(), transport: { timeout: 1 } }));
  expect(error).toMatchObject({ name: 'TokenEndpointError', code: 'network', transient: true });
});

it('a signal ends the request with its own reason (C15)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.next({ hang: true });
  const controller = new AbortController();
  const reason = { why: 'closing' };
  const failed = failureOf(requestToken({ url: endpoint.url, body: grant(), signal: controller.signal }));
  await until(() => endpoint.calls === 1);
  controller.abort(reason);
  expect(await failed).toBe(reason);
});
