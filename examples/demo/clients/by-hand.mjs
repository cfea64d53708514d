// Plain axios, for comparison: the two interceptors that many programs write by hand, without this library. They work while
// one request follows another. Nothing is shared between requests, so each that finds no good token fetches one.

import { Agent } from 'node:http';
import axios from 'axios';
import { LIMIT_MS } from '../load.mjs';

/** @param marginMs how long before its expiry a token is fetched anew */
export function connectByHand({ origin, tokenUrl, journal, pace, marginMs = 0, maxSockets = 100 }) {
  const agent = new Agent({ keepAlive: true, maxSockets });
  const client = axios.create({ baseURL: origin, httpAgent: agent, timeout: pace.ms(LIMIT_MS) });
  const report = new Report(journal);
  let token;
  let expiresAt = 0;

  async function fetchToken(reason) {
    await report.acquisition(reason, async () => {
      const { data } = await axios.post(tokenUrl, new URLSearchParams({ grant_type: 'client_credentials' }));
      token = data.access_token;
      expiresAt = Date.now() + data.expires_in * 1000;
      return new Date(expiresAt);
    });
  }

  client.interceptors.request.use(async (config) => {
    if (Date.now() > expiresAt - marginMs) await fetchToken(token === undefined ? 'missing' : 'expiring');
    config.headers.Authorization = `Bearer ${token}`;
    return config;
  });
  client.interceptors.response.use(undefined, async (error) => {
    const { config, response } = error;
    if (response?.status !== 401 || config.isRetry) throw error;
    report.rejection();
    await fetchToken('unauthorized');
    return report.retry(() => client.request({ ...config, isRetry: true }));
  });
  return { client, close: () => agent.destroy() };
}

/** Reports to a journal what an authorizer's observer would. */
class Report {
  #journal;
  #count = 0;

  constructor(journal) {
    this.#journal = journal;
  }

  async acquisition(reason, work) {
    const acquisition = { id: (this.#count += 1), at: Date.now(), reason };
    this.#journal.observe({ type: 'acquiring', ...acquisition });
    try {
      const expiresAt = await work();
      this.#journal.observe({ type: 'acquired', ...acquisition, ...since(acquisition), expiresAt });
    } catch (error) {
      this.#journal.observe({ type: 'failed', ...acquisition, ...since(acquisition) });
      throw error;
    } finally {
      this.#journal.observe({ type: 'waited', ...acquisition, ...since(acquisition) });
    }
  }

  rejection() {
    this.#journal.observe({ type: 'unauthorized', at: Date.now() });
  }

  async retry(send) {
    const at = Date.now();
    const response = await send();
    this.#journal.observe({ type: 'resent', at, ...since({ at }), status: response.status });
    return response;
  }
}

function since({ at }) {
  return { durationMs: Date.now() - at };
}
