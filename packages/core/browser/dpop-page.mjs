// Runs inside the browser, bundled with core's build: a page whose tokens are bound to a key that the browser keeps.
import axios from 'axios';
import { attachAuth, Authorizer, passwordSource, publicClient } from '@axios-authorizer/core';
import { webKeyStore, webTokenStore } from '@axios-authorizer/core/browser';
import { dpopProof } from '@axios-authorizer/core/dpop';
import { authorizedFetch } from '@axios-authorizer/core/fetch';

const kept = { key: undefined };
const keyStore = {
  async keep(make) {
    kept.key = await webKeyStore({ name: 'page' }).keep(make);
    return kept.key;
  },
};

async function outcomeOf(request) {
  try {
    return { status: (await request).status };
  } catch (error) {
    return { status: error.response?.status, message: error.message };
  }
}

/** Each task is as of a page that was loaded anew: its own authorizer, over the same stores. */
async function run({ tokenUrl, apiUrl, by, paths }) {
  const notices = [];
  const dpop = await dpopProof({ keyStore });
  const clientAuth = publicClient({ clientId: 'page' });
  const source = passwordSource({ tokenUrl, clientAuth, username: 'ada', password: 'secret', dpop });
  const observer = (event) => event.type === 'notice' && notices.push(event.message);
  const authorizer = new Authorizer(source, { store: webTokenStore({ name: 'page' }), observer });
  const client = axios.create({ baseURL: apiUrl, adapter: by });
  attachAuth(client, authorizer);
  const send = by === 'authorizedFetch' ? authorizedFetch(authorizer, { allow: apiUrl }) : (url) => client.get(url);
  const outcomes = [];
  for (const path of paths) outcomes.push(await outcomeOf(send(apiUrl + path)));
  const thumbprint = await dpop.thumbprint();
  return { outcomes, notices, thumbprint, extractable: kept.key.privateKey.extractable, token: authorizer.accessToken };
}

async function work() {
  for (;;) {
    const task = await (await fetch('/task')).json();
    await fetch('/outcome', { method: 'POST', body: JSON.stringify(await run(task)) });
  }
}

void work();
