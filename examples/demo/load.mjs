// Clients under load: an axios instance with an authorizer on it, and requests at a steady pace or all at once.

import { Agent } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { attachAuth, Authorizer } from '@axios-authorizer/core';
import axios from 'axios';

/** A burst is sent in slices, so that it does not stop the other clients of this process. */
const SLICE = 100;
/** No request may take longer, on a machine that is not busy. */
export const LIMIT_MS = 20_000;

/** An axios client whose requests carry tokens from `source`; `fault` breaks it on purpose (faults.mjs). */
export function connect({ origin, source, journal, pace, fault, maxSockets = 100, ...options }) {
  const agent = new Agent({ keepAlive: true, maxSockets });
  const client = axios.create({ baseURL: origin, httpAgent: agent, timeout: pace.ms(LIMIT_MS) });
  const authorizer = () => new Authorizer(source, { ...options, ...fault?.options, observer: journal.observe });
  attachAuth(client, authorizer());
  fault?.spoil?.(client, authorizer);
  return { client, close: () => agent.destroy() };
}

/** How long a new token is waited for, before tokens are revoked and after, where an authorizer may be broken on purpose. */
export const NEW_TOKEN_MS = 6_000;
/**
 * And where none is, but tokens live for seconds: on a machine that became busy after its pace was measured it takes several
 * tokens until nobody is being served a second time, and whoever is then fails, by no fault of the authorizer.
 */
export const CALM_MS = 30_000;
/** What is disturbed last has to be met by requests as well: by as many as half a second brings, not by what a paused process sends in that time. */
const AFTERWARDS_SECONDS = 0.5;
const AFTERWARDS_LIMIT_MS = 10_000;

/** Requests at a steady pace, also until `disturbed` is over and met; resolves when the last one has ended. */
export async function steadyLoad(client, journal, { perSecond, seconds, pace, disturbed, path = '/things' }) {
  const underway = [];
  let isMet = false;
  const afterwards = { count: perSecond * AFTERWARDS_SECONDS, mostMs: pace.ms(AFTERWARDS_LIMIT_MS) };
  const met = meeting(disturbed, journal, afterwards).finally(() => (isMet = true));
  for await (const elapsed of pace.turns()) {
    if (isMet && elapsed >= seconds * 1000) break;
    while (underway.length < (elapsed * perSecond) / 1000) {
      underway.push(journal.follow(client.get(`${path}/${underway.length}`)));
    }
  }
  await Promise.all([...underway, met]);
}

async function meeting(disturbed, journal, { count, mostMs }) {
  await disturbed;
  await journal.moreRequests(count, mostMs);
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
