// A page that signs in by SRP and uses an API with what it gets. Everything about tokens is in the one call of
// createCognitoClient; the rest of this file shows it.
import { createCognitoClient } from '@axios-authorizer/cognito';
import { askPerson, stopAsking } from './challenge.js';
import { by, only } from './elements.js';
import { showLife } from './life.js';
import { log } from './log.js';

const setting = await (await fetch('/setting')).json();
const counts = { requests: 0, refreshes: 0, healed: 0 };
let client;

by('users').textContent = setting.users.map(({ username, password }) => `${username} / ${password}`).join(', or ');
showLife(() => client?.authorizer.token);
only('sign-in');

by('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(event.target));
  void signIn(username, password);
});
by('ask').addEventListener('click', () => ask(1));
by('ask-many').addEventListener('click', () => ask(50));
by('revoke').addEventListener('click', () => fetch('/revoke', { method: 'POST' }));
by('sign-out').addEventListener('click', signOut);

async function signIn(username, password) {
  const { userPoolId, endpoint, clientInfo } = setting;
  client = createCognitoClient(
    { userPoolId, endpoint, clientInfo, username, password, onChallenge: askPerson, observer },
    { baseURL: new URL('/api', location.href).href },
  );
  await trying('sign-in', async () => {
    await client.authorizer.getToken();
    by('who').textContent = client.authorizer.username;
    only('inside');
  });
}

async function ask(times) {
  await trying('inside', async () => {
    await Promise.all(Array.from({ length: times }, () => client.get('/things')));
    count('requests', times);
    log('answered', times === 1 ? 'a request' : `${times} requests at once`);
  });
}

async function signOut() {
  await client.authorizer.logout();
  log('signed out', 'the session is ended at the pool');
  only('sign-in');
}

/** Runs `work`; what goes wrong is shown, and brings back `form` when nobody is signed in. */
async function trying(form, work) {
  const trouble = by('trouble');
  trouble.hidden = true;
  try {
    await work();
  } catch (error) {
    stopAsking();
    trouble.textContent = error.message;
    trouble.hidden = false;
    only(client.authorizer.authenticated ? 'inside' : form === 'inside' ? 'sign-in' : form);
  }
}

function observer(event) {
  log(event.type, describe(event));
  if (event.type === 'acquired' && event.reason !== 'missing') count('refreshes', 1);
  if (event.type === 'resent' && event.status < 400) count('healed', 1);
}

function describe({ type, reason, durationMs, code, message, url, status }) {
  const parts = {
    acquiring: `a token is fetched: ${reason}`,
    acquired: `a token was fetched in ${Math.round(durationMs)} ms`,
    failed: `no token: ${code}`,
    waited: `a request waited ${Math.round(durationMs)} ms for it`,
    refused: `${status} from ${url}`,
    resent: `sent again, ${status}`,
    notice: message,
  };
  return parts[type] ?? '';
}

function count(name, more) {
  counts[name] += more;
  by(name).textContent = counts[name];
}
