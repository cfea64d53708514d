// Runs in each of several tabs, bundled with core's build: a page that somebody signs in to, and that calls an API all the time.
import axios from 'axios';
import { attachAuth, Authorizer, publicClient, refreshTokenSource } from '@axios-authorizer/core';
import { webTokenStore } from '@axios-authorizer/core/browser';

const clientId = 'tabs';
const store = webTokenStore({ name: 'tabs' });
const source = refreshTokenSource({ tokenUrl: `${location.origin}/token`, clientAuth: publicClient({ clientId }) });
// The first tab gives up before the others do: whoever waits for it outlasts it.
const timeoutMs = location.pathname.startsWith('/tab/0/') ? 30_000 : 60_000;
const authorizer = new Authorizer(source, { store, timeoutMs });
const client = axios.create({ baseURL: `${location.origin}/api` });
attachAuth(client, authorizer);

/** Who is signed in here, as the server wrote it into the token. */
function user() {
  return authorizer.accessToken?.split('-')[0] ?? 'nobody';
}

/** Sends a request as whoever is signed in now. @returns its status, or why it failed */
async function send() {
  try {
    const { status } = await client.get('/data', { params: { as: user() } });
    return status;
  } catch (error) {
    return error.code ?? error.message;
  }
}

const answers = [];
const working = { on: false };

async function work(everyMs) {
  while (working.on) {
    answers.push(await send());
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

const tasks = {
  async signIn({ as }) {
    const body = new URLSearchParams({ grant_type: 'password', username: as, password: 'secret', client_id: clientId });
    const answer = await (await fetch('/token', { method: 'POST', body })).json();
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = answer;
    await authorizer.setToken({ accessToken, refreshToken, expiresAt: new Date(Date.now() + expiresIn * 1000) });
  },
  async signOut() {
    await authorizer.logout();
  },
  /** Whether the token of the store is used here. */
  async join() {
    await authorizer.getToken();
  },
  async begin({ everyMs }) {
    working.on = true;
    void work(everyMs);
  },
  /** @returns what became of all requests since `begin` */
  async end() {
    working.on = false;
    return answers.splice(0);
  },
  send,
  /** @returns the token that a worker of this page gets, which is this script once more */
  async worker() {
    const worker = new Worker('/page.js');
    const { data } = await new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }));
    worker.terminate();
    return { page: authorizer.accessToken, worker: data };
  },
  async state() {
    return { user: user(), authenticated: authorizer.authenticated };
  },
  async refresh() {
    return (await authorizer.getToken({ force: true })).accessToken;
  },
  /** Begins a refresh and does not wait for it. */
  async beginRefresh() {
    authorizer.getToken({ force: true }).catch(() => undefined);
  },
  /** The page is gone, in the middle of what it does. */
  async leave() {
    setTimeout(() => (location.href = 'about:blank'), 300); // the test hears that it is told
  },
  /** Goes to another page, which comes back. */
  async away() {
    const back = new Promise((resolve) => addEventListener('pageshow', resolve, { once: true }));
    sessionStorage.setItem('away', 'yes');
    location.href = `/away${location.pathname}`;
    await back;
    sessionStorage.removeItem('away');
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { kept: true, answer: await send() };
  },
};

async function report(outcome) {
  await fetch(`${location.pathname}outcome`, { method: 'POST', body: JSON.stringify(outcome ?? null) });
}

/** Does what the test asks for, one thing after the other, for as long as the page lives. */
async function serve() {
  // A page that the browser did not keep while it was away begins anew.
  if (sessionStorage.getItem('away')) await report({ kept: false, answer: await send() });
  sessionStorage.removeItem('away');
  for (;;) {
    const { task, ...options } = await (await fetch(`${location.pathname}task`)).json();
    const outcome = await tasks[task](options).catch((error) => ({ error: error.code ?? error.message }));
    await report(outcome);
  }
}

if (typeof document === 'undefined') void authorizer.getToken().then(({ accessToken }) => postMessage(accessToken));
else void serve();
