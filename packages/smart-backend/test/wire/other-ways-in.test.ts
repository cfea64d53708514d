// For those who compose clients, or register interceptors themselves.
import axios from 'axios';
import { composeClients } from '@axios-authorizer/core';
import {
  createSmartBackendClient,
  SMARTBackendAuth,
  smartBackendInterceptors,
  smartBackendService,
} from '../../src/index.js';
import { clientId, failureOf, world } from '../stage.js';

it('smartBackendService is a part of composeClients (S1)', async () => {
  const { server, options } = await world();
  const other = await world();
  const services = { here: smartBackendService(options), there: smartBackendService(other.options) };
  const { here, there } = composeClients(services, { timeout: 5_000 });
  await Promise.all([here.get('/Patient/1'), there.get('/Patient/1')]);
  expect([server.served, other.server.served]).toEqual([1, 1]);
  expect(server.issued).not.toEqual(other.server.issued);
  expect([here.defaults.timeout, services.here.auth.clientId]).toEqual([5_000, clientId]);
});

it('smartBackendInterceptors are registered by hand (S1)', async () => {
  const { server, options } = await world();
  const { request, response, auth, authorizer } = smartBackendInterceptors(options);
  const client = axios.create({ baseURL: server.baseUrl });
  client.interceptors.request.use(...request);
  client.interceptors.response.use(...response);
  expect((await client.get('/Patient/1')).status).toBe(200);
  expect(authorizer.accessToken).toBe(server.issued[0]);
  expect(auth).toBeInstanceOf(SMARTBackendAuth);
  await client.get(`${server.origin}/admin`, { validateStatus: null });
  expect(server.requests.at(-1)?.headers).not.toHaveProperty('authorization');
});

it('interceptors and services keep `allow` when it is given (S5)', async () => {
  const { server, options } = await world();
  const narrow = { ...options, allow: `${server.baseUrl}/Patient` };
  const client = createSmartBackendClient(narrow);
  await client.get('/Patient/1');
  expect(await failureOf(client.get('/Observation/1'))).toMatchObject({ response: { status: 401 } });
  expect(server.bearers()).toEqual([server.issued[0], undefined]);
});

it('an `allow` that somebody wrote on Object.prototype opens nothing (C9)', async () => {
  const { server, options } = await world();
  Reflect.defineProperty(Object.prototype, 'allow', { value: server.origin, configurable: true });
  try {
    const client = createSmartBackendClient(options);
    await client.get(`${server.origin}/admin`, { validateStatus: null });
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('authorization');
  } finally {
    Reflect.deleteProperty(Object.prototype, 'allow');
  }
});
