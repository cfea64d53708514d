// A page that signs in by SRP and uses an API with what it gets. Everything about tokens is in the one call of
// createCognitoClient; the rest of this file shows it.
import { createCognitoClient } from '@axios-authorizer/cognito';
import { askPerson, stopAsking } from './challenge.js';
import { by, only } from './elements.js';
import { showLife } from './life.js';
import { log } from './log.js';
import { eventInWords, troubleInWords } from './words.js';

const setting = await (await fetch('/setting')).json();
const counts = { requests: 0, refreshes: 0, retried: 0 };
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
by('revoke').addEventListener('click', revoke);
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

async function revoke() {
  await fetch('/revoke', { method: 'POST' });
  log('revoked', 'the API will reject the token from now on; send a request to see what happens');
}

async function signOut() {
  await client.authorizer.logout();
  log('signed out', 'the pool has ended the session');
  by('phone').textContent = 'No message yet.';
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
    by('trouble-text').textContent = troubleInWords(error);
    by('trouble-details').textContent = error.message;
    trouble.hidden = false;
    only(client.authorizer.authenticated ? 'inside' : form === 'inside' ? 'sign-in' : form);
  }
}

function observer(event) {
  const words = eventInWords(event);
  if (words !== undefined) log(...words);
  if (event.type === 'acquired' && event.reason !== 'missing') count('refreshes', 1);
  if (event.type === 'resent' && event.status < 400) count('retried', 1);
}

function count(name, more) {
  counts[name] += more;
  by(name).textContent = counts[name];
}
