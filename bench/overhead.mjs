// What a request costs with a live token in hand, with no network underneath: alone, function by function, and through
// the client beside its bare self.

import { attachAuth, authInterceptors, Authorizer } from '@axios-authorizer/core';
import { createEmptyPipeline, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import axios, { AxiosHeaders } from 'axios';
import { gaxios } from 'google-auth-library';
import { axiosAuthRefresh } from './candidates/axios-auth-refresh.mjs';
import { axiosTokenInterceptor } from './candidates/axios-token-interceptor.mjs';
import { azure, clientFor } from './candidates/azure.mjs';
import { fetchFor, google } from './candidates/google.mjs';
import { axiosFor } from './candidates/axios-world.mjs';
import { BATCH, batchOf, measure } from './measure.mjs';
import { API_URL } from './world.mjs';

const HOUR_MS = 3_600_000;
const start = () => ({ accessToken: 'initial', expiresAt: Date.now() + HOUR_MS });
/** A world without delays and counters. */
const instant = { api: () => 200 };

/**
 * Nanoseconds that each way of sending the header adds to a request, measured without the rest of axios, and what ours adds
 * over a hand-written interceptor as a share of a whole request of bare axios, measured in the same turns.
 */
export async function alone(rounds) {
  const token = start();
  const [intercept] = interceptors(token).request;
  const subjects = {
    nothing: (config) => config,
    'hand-written, headers.Authorization = ...': (config) => {
      config.headers.Authorization = `Bearer ${token.accessToken}`;
      return config;
    },
    'hand-written, headers.set(...)': (config) => {
      config.headers.set('Authorization', `Bearer ${token.accessToken}`);
      return config;
    },
    '@axios-authorizer/core': intercept,
  };
  const runs = Object.entries(subjects).map(([name, interceptor]) => ({ name, batch: batchAlone(interceptor) }));
  const whole = { name: 'a whole request of bare axios', batch: batchOf(bareAxios()) };
  const [{ ns: wholeNs }, { ns: nothing }, ...results] = await measure([whole, ...runs], rounds);
  const added = results.map(({ name, ns }) => ({ name, ns: ns - nothing }));
  const nsOf = (which) => added.find(({ name }) => name.startsWith(which))?.ns ?? Number.NaN;
  const overHandWrittenNs = nsOf('@axios') - nsOf('hand-written, headers.Auth');
  return { alone: added, wholeNs, overHandWrittenNs, share: overHandWrittenNs / wholeNs };
}

/** The interceptor, then the adapter, on configs that axios merged just before, outside of the clock. */
function batchAlone(interceptor) {
  return async () => {
    const configs = Array.from({ length: BATCH }, mergedConfig);
    const startedAt = performance.now();
    for (const config of configs) {
      const sent = interceptor(config);
      await sent.adapter(sent);
    }
    return performance.now() - startedAt;
  };
}

const { defaults } = axios.create({ baseURL: API_URL, adapter: answerAtOnce });

function answerAtOnce(config) {
  return Promise.resolve({ status: 200, statusText: '', headers: {}, data: '{}', config });
}

/** As a request interceptor gets it. */
function mergedConfig() {
  const config = axios.mergeConfig(defaults, { url: '/things', method: 'get' });
  config.headers = new AxiosHeaders({ Accept: 'application/json, text/plain, */*', 'Content-Type': undefined });
  return config;
}

function interceptors({ accessToken, expiresAt }) {
  const authorizer = new Authorizer(() => Promise.reject(new Error('not needed')), {
    initialToken: { accessToken, expiresAt: new Date(expiresAt), issuedAt: new Date(expiresAt - HOUR_MS) },
  });
  return authInterceptors(authorizer, { allow: API_URL });
}

/** Microseconds of a whole request through each client, beside the bare client underneath. */
export async function throughClients(rounds) {
  const subjects = [
    { name: 'bare axios', send: bareAxios() },
    { name: 'hand-written interceptor', over: 'bare axios', send: handWritten() },
    { name: '@axios-authorizer/core', over: 'bare axios', send: attached() },
    { name: axiosAuthRefresh.name, over: 'bare axios', send: axiosAuthRefresh.create(instant, start()).send },
    { name: axiosTokenInterceptor.name, over: 'bare axios', send: axiosTokenInterceptor.create(instant, start()).send },
    { name: 'bare gaxios', send: bareGaxios() },
    { name: google.name, over: 'bare gaxios', send: google.create(instant, start()).send },
    { name: 'bare pipeline', send: barePipeline() },
    { name: azure.name, over: 'bare pipeline', send: azure.create(instant, start()).send },
  ];
  const results = await measure(
    subjects.map(({ name, send }) => ({ name, batch: batchOf(send) })),
    rounds,
  );
  const usOf = (name) => (results.find((result) => result.name === name)?.ns ?? Number.NaN) / 1000;
  return subjects.map(({ name, over }) => ({
    name,
    us: usOf(name),
    over,
    addedUs: over === undefined ? undefined : usOf(name) - usOf(over),
  }));
}

function bareAxios() {
  const client = axiosFor(instant);
  return () => client.get('/things');
}

function handWritten() {
  const client = axiosFor(instant);
  client.interceptors.request.use(
    (config) => {
      config.headers.Authorization = 'Bearer initial';
      return config;
    },
    null,
    { synchronous: true },
  );
  return () => client.get('/things');
}

function attached() {
  const client = axiosFor(instant);
  const { accessToken, expiresAt } = start();
  const initialToken = { accessToken, expiresAt: new Date(expiresAt), issuedAt: new Date(expiresAt - HOUR_MS) };
  attachAuth(client, new Authorizer(() => Promise.reject(new Error('not needed')), { initialToken }));
  return () => client.get('/things');
}

function bareGaxios() {
  const client = new gaxios.Gaxios({ fetchImplementation: fetchFor(instant) });
  return () => client.request({ url: `${API_URL}/things`, headers: { authorization: 'Bearer initial' } });
}

function barePipeline() {
  const pipeline = createEmptyPipeline();
  const client = clientFor(instant);
  const headers = () => createHttpHeaders({ authorization: 'Bearer initial' });
  return () => pipeline.sendRequest(client, createPipelineRequest({ url: `${API_URL}/things`, headers: headers() }));
}
