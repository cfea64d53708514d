import { launchChromium } from '@axios-authorizer/test-kit';
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { startServers } from './servers.mjs';

let browser, servers, one, two;

before(async () => (browser = await launchChromium()));
after(() => browser.close());
beforeEach(async () => {
  servers = await startServers();
  const context = await browser.newContext();
  [one, two] = await Promise.all([context.newPage(), context.newPage()]);
  await Promise.all([one, two].map((tab) => tab.goto(servers.url)));
});
afterEach(async () => {
  await one.context().close();
  await servers.close();
});

const button = (tab, name) => tab.getByRole('button', { name });
const shows = (tab, name) => button(tab, name).waitFor();
/** Not `click()`, which waits for the next frame: a tab behind another has one a second. */
const press = (tab, name) => button(tab, name).dispatchEvent('click');
const seen = () => servers.api.calls.map(({ status, authorization }) => `${status} ${authorization}`);
const grants = () => servers.endpoint.calls.map(({ grantType, status }) => `${grantType} ${status}`);

async function signIn(tab, name) {
  await tab.getByLabel('Name').fill(name);
  await tab.getByLabel('Password').fill('any');
  await press(tab, 'Sign in');
}

/** One person in both tabs. */
async function signedIn() {
  await signIn(one, 'ada');
  await Promise.all([shows(one, 'Show the orders'), shows(two, 'Show the orders')]);
}

async function showOrders(tab) {
  await press(tab, 'Show the orders');
  await tab.getByText('a chair').waitFor();
}

test('whoever signs in in one tab is signed in in the other, and after a reload', async () => {
  await Promise.all([shows(one, 'Sign in'), shows(two, 'Sign in')]);
  await signedIn();
  await two.reload();
  await Promise.all([showOrders(one), showOrders(two)]);
  assert.deepEqual(seen(), ['200 Bearer #1', '200 Bearer #1']);
  assert.deepEqual(grants(), ['password 200']);
});

test('two tabs whose token is rejected refresh it once', async () => {
  await signedIn();
  servers.endpoint.revokeAll();
  await Promise.all([showOrders(one), showOrders(two)]);
  assert.deepEqual(grants(), ['password 200', 'refresh_token 200']);
  assert.equal(servers.endpoint.reuses, 0);
  assert.equal(seen().filter((call) => call === '200 Bearer #2').length, 2);
});

test('whoever signs out in one tab is signed out in the other, and the token is revoked', async () => {
  await signedIn();
  await showOrders(two);
  await Promise.all([one.waitForResponse('**/revoke'), press(one, 'Sign out')]);
  await Promise.all([shows(one, 'Sign in'), shows(two, 'Sign in')]);
  assert.equal(await two.getByText('a chair').count(), 0);
  assert.equal(servers.endpoint.accepts(servers.endpoint.issued[0]), false);
});

test('whoever signs in next sees nothing of the one before, in either tab', async () => {
  await signedIn();
  await showOrders(two);
  await press(one, 'Sign out');
  await shows(two, 'Sign in');
  await signIn(one, 'bob');
  await shows(two, 'Show the orders');
  assert.equal(await two.getByText('a chair').count(), 0);
  await showOrders(two);
  assert.deepEqual(seen(), ['200 Bearer #1', '200 Bearer #2']);
});

test('a session that the server has ended leads to the sign-in', async () => {
  await signedIn();
  servers.endpoint.revokeAll();
  servers.endpoint.failNext({ status: 400, error: 'invalid_grant' });
  await press(one, 'Show the orders');
  await shows(one, 'Sign in');
});

test('an outage leads to a message and not to the sign-in', async () => {
  await signedIn();
  await two.clock.install({ time: Date.now() + 7_200_000 }); // its token has expired
  servers.endpoint.failNext({ status: 503, retryAfter: 60 });
  await two.reload();
  await two.getByText('The shop cannot be reached').waitFor();
  assert.equal(await button(two, 'Sign in').count(), 0);
});
