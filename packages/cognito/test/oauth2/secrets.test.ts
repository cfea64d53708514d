// Printed in every way in which a program would: does anything show a secret, a code or a token?
import { leaks, ManualClock } from '@axios-authorizer/test-kit';
import { createCognitoClient } from '../../src/index.js';
import { app, code, codeVerifier, failureOf, passing, redirectUri, resourceServer, tokenEndpoint } from './stage.js';
import type { AuthEvent } from '@axios-authorizer/core';
import type { TokenAnswer, TokenEndpoint } from '@axios-authorizer/test-kit';
import type { OAuth2AuthorizerOptions, OAuth2Grant } from '../../src/index.js';

const grants: readonly (readonly [name: string, grant: OAuth2Grant])[] = [
  ['client credentials', 'client_credentials'],
  ['a refresh token', { refreshToken: 'the-refresh-token-of-the-login' }],
  ['a code', { code, redirectUri, codeVerifier }],
];
const secrets = [app.clientSecret, app.apiKey, code, codeVerifier, 'the-refresh-token-of-the-login', 'token-1'];

async function stage(grant: OAuth2Grant, options: Partial<OAuth2AuthorizerOptions> = {}) {
  const clock = new ManualClock();
  const [endpoint, api] = [await tokenEndpoint({ clock }), await resourceServer({ apiKey: app.apiKey })];
  const events: AuthEvent[] = [];
  const observer = (event: AuthEvent): void => void events.push(event);
  const given = { clientInfo: app, tokenUrl: endpoint.url, grant, clock, observer, ...options };
  return { clock, endpoint, events, client: createCognitoClient(given, { baseURL: api.origin }) };
}

/** Grants whatever is asked for. */
const generous: TokenAnswer = { json: { access_token: 'token-1', expires_in: 300, id_token: 'token-1.id' } };

/** Says back whatever it was sent. */
const echo: TokenAnswer = (form, { headers, body }) => ({
  status: 400,
  json: {
    error: 'invalid_request',
    error_description: `${[...form].join(' ')} ${headers.authorization} ${body.toString()}`,
  },
});

describe.each(grants)('with %s', (_, grant) => {
  it('client and authorizer show none, before and after a token, nor do events (C11)', async () => {
    const { endpoint, client, events } = await stage(grant);
    endpoint.always(generous);
    const parts = [client, client.defaults, client.authorizer, events];
    expect(parts.flatMap((part) => leaks(part, secrets))).toEqual([]);
    const response = await client.get('/orders');
    await client.authorizer.logout();
    expect(events.length).toBeGreaterThan(1);
    expect([...parts, response].flatMap((part) => leaks(part, secrets))).toEqual([]);
  });

  it.each<[what: string, answer: TokenAnswer]>([
    ['an endpoint that says back what it was sent', echo],
    ['a refusal', { status: 401, json: { error: 'invalid_client' } }],
    ['a cut connection', { reset: true }],
    ['a page', { text: '<html>' }],
    ['a token that no header takes', { json: { access_token: 'token-1\r\n', expires_in: 300 } }],
  ])('the errors of %s show none (C11)', async (__, answer) => {
    const { clock, endpoint, client, events } = await stage(grant);
    endpoint.always(answer);
    const errors = [await failureOf(passing(clock, client.get('/orders'))), await failureOf(client.get('/orders'))];
    expect(endpoint.calls).toBeGreaterThan(0);
    expect([...errors, events].flatMap((part) => leaks(part, secretsAt(endpoint)))).toEqual([]);
  });
});

/** What is known to be secret, and the client's own authentication. */
function secretsAt({ requests }: TokenEndpoint): readonly string[] {
  return [...secrets, ...requests.map(({ headers }) => String(headers.authorization))];
}
