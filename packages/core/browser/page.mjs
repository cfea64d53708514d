// Runs inside the browser, bundled with core's build as an application would bundle it.
import axios from 'axios';
import { attachAuth, Authorizer, clientCredentialsSource, none } from '@axios-authorizer/core';

/** What became of one request: its status, or the error's message. */
async function outcomeOf(request) {
  try {
    const { status } = await request;
    return { status };
  } catch (error) {
    return { message: error.message, status: error.response?.status };
  }
}

function clientFor({ tokenUrl, apiUrl, adapter, apiKey }) {
  const source = clientCredentialsSource({ tokenUrl, clientAuth: none({ clientId: 'page' }) });
  const authorizer = new Authorizer(source, { clientInfo: { clientId: 'page', apiKey } });
  const client = axios.create({ baseURL: apiUrl, adapter });
  attachAuth(client, authorizer);
  return client;
}

/** Sends the requests one after the other with one client. */
async function send({ requests, ...setting }) {
  const client = clientFor(setting);
  const outcomes = [];
  for (const config of requests) outcomes.push(await outcomeOf(client.request(config)));
  return outcomes;
}

/** Does what the test asks for, one thing after the other, for as long as the page lives. */
async function work() {
  for (;;) {
    const task = await (await fetch('/task')).json();
    await fetch('/outcome', { method: 'POST', body: JSON.stringify(await send(task)) });
  }
}

void work();
