// Clients under load: an axios instance with an authorizer on it, and requests at a steady pace or all at once.

import { Agent } from 'node:http';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { attachAuth, Authorizer } from '@axios-authorizer/core';
import axios from 'axios';

const TICK_MS = 10;
/** A burst is sent in slices, so that it does not stop the other clients of this process. */
const SLICE = 100;
/** No request may take longer. */
export const LIMIT_MS = 20_000;

/** An axios client whose requests carry tokens from `source`. */
export function connect({ origin, source, journal, maxSockets = 100, ...options }) {
  const agent = new Agent({ keepAlive: true, maxSockets });
  const client = axios.create({ baseURL: origin, httpAgent: agent, timeout: LIMIT_MS });
  attachAuth(client, new Authorizer(source, { ...options, observer: journal.observe }));
  return { client, close: () => agent.destroy() };
}

/** Requests at a steady pace; resolves when the last one has ended. */
export async function steadyLoad(client, journal, { perSecond, seconds, path = '/things' }) {
  const startedAt = performance.now();
  const underway = [];
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - startedAt) {
    while (underway.length < (elapsed * perSecond) / 1000) {
      underway.push(journal.follow(client.get(`${path}/${underway.length}`)));
    }
    await sleep(TICK_MS);
  }
  await Promise.all(underway);
}

/** That many requests at once; calls `sent` when all are underway, resolves when the last one has ended. */
export async function burst(client, journal, { count, sent }) {
  const underway = [];
  while (underway.length < count) {
    underway.push(journal.follow(client.get(`/things/${underway.length}`)));
    if (underway.length % SLICE === 0) await turn();
  }
  sent();
  await Promise.all(underway);
}
