// Runs inside the browser, bundled with core's build as an application would bundle it.
import axios from 'axios';
import { attachAuth, Authorizer, clientCredentialsSource, publicClient } from '@axios-authorizer/core';
import { authorizedFetch } from '@axios-authorizer/core/fetch';

/** What became of one request: its status, or the error's message, name and code. */
async function outcomeOf(request) {
  try {
    const { status } = await request;
    return { status };
  } catch (error) {
    return { message: error.message, name: error.name, code: error.code, status: error.response?.status };
  }
}

function authorizerFor({ tokenUrl, apiKey }) {
  const source = clientCredentialsSource({ tokenUrl, clientAuth: publicClient({ clientId: 'page' }) });
  return new Authorizer(source, { clientInfo: { clientId: 'page', apiKey } });
}

function clientFor({ apiUrl, adapter, attach, ...setting }) {
  const authorizer = authorizerFor(setting);
  const client = axios.create({ baseURL: apiUrl, adapter });
  attachAuth(client, authorizer, attach);
  return client;
}

function form() {
  const data = new FormData();
  data.append('name', 'Ä');
  data.append('file', new Blob(['content']), 'file.txt');
  return data;
}

const multipart = { 'Content-Type': 'multipart/form-data' };

/** What a page may send, by name. */
const bodies = {
  'an object': () => ({ data: { name: 'Ä', list: [1, null] } }),
  'what transformRequest made': () => ({ data: { n: 1 }, transformRequest: [({ n }) => `<n>${n}</n>`] }),
  'a URLSearchParams': () => ({ data: new URLSearchParams({ name: 'Ä &' }) }),
  'a FormData with a file': () => ({ data: form() }),
  'an object as multipart': () => ({ data: { name: 'Ä', nested: { n: 1 } }, headers: multipart }),
  'a Blob': () => ({ data: new Blob(['content'], { type: 'text/plain' }) }),
  'an ArrayBuffer': () => ({ data: new TextEncoder().encode('bytes').buffer }),
  'a Uint8Array': () => ({ data: new TextEncoder().encode('more bytes') }),
};

/** Sends the requests one after the other with one client; `body` names one of `bodies`, `upload` asks how far it got. */
async function send({ requests, ...setting }) {
  const client = clientFor(setting);
  const outcomes = [];
  for (const { body, upload, ...config } of requests) {
    let uploaded = 0;
    const onUploadProgress = ({ loaded }) => (uploaded = loaded);
    const request = client.request({ ...config, ...bodies[body]?.(), ...(upload && { onUploadProgress }) });
    outcomes.push({ ...(await outcomeOf(request)), ...(upload && { uploaded }) });
  }
  return outcomes;
}

/** The same without axios. */
async function sendByFetch({ requests, apiUrl, attach, ...setting }) {
  const fetchFrom = authorizedFetch(authorizerFor(setting), { allow: apiUrl, ...attach });
  const outcomes = [];
  for (const { url, data, ...init } of requests) {
    const body = data === undefined ? {} : { body: JSON.stringify(data) };
    outcomes.push(await outcomeOf(fetchFrom(apiUrl + url, { ...init, ...body })));
  }
  return outcomes;
}

/** Does what the test asks for, one thing after the other, for as long as the page lives. */
async function work() {
  for (;;) {
    const task = await (await fetch('/task')).json();
    await fetch('/outcome', { method: 'POST', body: JSON.stringify(await (task.byFetch ? sendByFetch : send)(task)) });
  }
}

void work();
