// An axios that is older than the peer range loses tokens without a word: is it told at once?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { attachAuth, authInterceptors, composeClients, ConfigurationError } from '../../src/index.js';
import { always } from './capture.js';

const allow = 'https://api.example';
const version = axios.VERSION;
afterEach(() => {
  Object.assign(axios, { VERSION: version });
});

const attachments: readonly (readonly [string, () => unknown])[] = [
  ['attachAuth', () => attachAuth(axios.create(), always('token'), { allow })],
  ['authInterceptors', () => authInterceptors(always('token'), { allow })],
  ['composeClients', () => composeClients({ api: { config: { baseURL: allow }, authorizer: always('token') } })],
];

describe.each(attachments)('%s', (_name, attach) => {
  it.each(['0.27.2', '1.1.3', '1.7.9', '1.17.0', '1.17.3-beta.1'])(
    'beside axios %s is a ConfigurationError that says what was found and what is needed (C13)',
    (old) => {
      Object.assign(axios, { VERSION: old });
      expect(attach).toThrow(ConfigurationError);
      expect(attach).toThrow(`axios ${old} is installed`);
      expect(attach).toThrow(/at least 1\.18\.0.*npm install axios@\^1\.18\.0/);
    },
  );

  it.each(['1.18.0', '1.100.0', '2.0.0', 'custom', undefined])('beside axios %s it attaches (C13)', (other) => {
    Object.assign(axios, { VERSION: other });
    expect(attach).not.toThrow();
  });
});

/** As axios 1.17 makes them: without the newest transitional option, and joining whatever it is given. */
const oldOptions = { silentJSONParsing: true, forcedJSONParsing: true, clarifyTimeoutError: false };
function oldClient(): AxiosInstance {
  const client = axios.create();
  client.defaults.transitional = oldOptions;
  client.getUri = ({ url = '' } = {}) => url;
  return client;
}

it('a client that another, older axios made is told apart (C13)', () => {
  const attach = (): unknown => attachAuth(oldClient(), always('token'), { allow });
  expect(attach).toThrow(ConfigurationError);
  expect(attach).toThrow(/client was made by an axios older than 1\.18\.0.*core itself found 1\./);
});

it.each<readonly [string, (client: AxiosInstance) => AxiosInstance]>([
  ['with its own transitional options', (client) => ((client.defaults.transitional = oldOptions), client)],
  ['with its own getUri', (client) => ((client.getUri = ({ url = '' } = {}) => url), client)],
  ['without defaults', () => new axios.Axios({}) as AxiosInstance],
])('a client %s is none (C13)', (_what, change) => {
  expect(() => attachAuth(change(axios.create()), always('token'), { allow })).not.toThrow();
});
