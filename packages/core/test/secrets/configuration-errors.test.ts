// Does the refusal of a bad credential show it?
import { Authorizer } from '../../src/index.js';
import { failureOf } from '../endpoint/stage.js';
import { accessToken, apiKey, shown, token } from './secrets.js';

it.each(['two words', 'line\r\nbreak', 'nul\0byte', 'ünicode', ''])(
  'the ConfigurationError for a token with %j does not show it (C10, C11)',
  async (piece) => {
    const bad = piece === '' ? '' : accessToken + piece;
    const error = await failureOf(new Authorizer(() => Promise.resolve(bad)).getToken());
    expect(error).toMatchObject({ kind: 'configuration' });
    expect(shown(error)).toEqual([]);
  },
);

it('the ConfigurationErrors for an API key, a header and a source do not show them (C10, C11)', async () => {
  const clientInfo = { clientId: 'me', apiKey: `${apiKey}\n` };
  const errors = await Promise.all([
    failureOf(Promise.resolve().then(() => new Authorizer(getToken, { clientInfo }))),
    failureOf(Promise.resolve().then(() => new Authorizer(getToken, { headers: splitHeader }).headersFor(token))),
    failureOf(new Authorizer(() => Promise.resolve({ ...token, expiresAt: new Date(Number.NaN) })).getToken()),
  ]);
  for (const error of errors) {
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    expect(shown(error)).toEqual([]);
  }
});

function getToken(): Promise<string> {
  return Promise.resolve(accessToken);
}

function splitHeader(bearer: string): Record<string, string> {
  return { 'X-Token': `${bearer}\r\nX-Evil: 1` };
}
