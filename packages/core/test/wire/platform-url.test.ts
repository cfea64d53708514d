// React Native brings a URL class that cannot say where a request goes: is that told, with the cure, before a token is near?
import axios from 'axios';
import {
  attachAuth,
  authInterceptors,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  composeClients,
} from '../../src/index.js';
import { always } from './capture.js';
import { rejection } from './world.js';

const whole = URL;
afterEach(() => {
  globalThis.URL = whole;
});

/** React Native up to 0.79: what is not written throws. */
class Throwing {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  get href(): string {
    return this.#text;
  }
  toString(): string {
    return this.#text;
  }
}
for (const name of [
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'origin',
  'pathname',
  'search',
  'hash',
])
  Object.defineProperty(Throwing.prototype, name, {
    get() {
      throw new Error(`URL.${name} is not implemented`);
    },
  });

/** React Native since: what it says is searched in the text, so that dots, backslashes and users are overlooked. */
class Searching extends Throwing {
  static {
    const patterns = {
      protocol: /^([a-zA-Z][a-zA-Z\d+\-.]*:)/,
      host: /^https?:\/\/(?:[^@]+@)?([^/?#]+)/,
      hostname: /^https?:\/\/(?:[^@]+@)?([^:/?#]+)/,
      origin: /^(https?:\/\/[^/]+)/,
      pathname: /https?:\/\/[^/]+(\/[^?#]*)?/,
      username: /^https?:\/\/([^:@]+)(?::[^@]*)?@/,
      password: /^https?:\/\/.*:(.*)@/,
      search: /(\?[^#]*)/,
      hash: /(#.*)/,
    };
    for (const [name, pattern] of Object.entries(patterns))
      Object.defineProperty(this.prototype, name, {
        get(this: Searching) {
          return pattern.exec(this.href)?.[1] ?? '';
        },
      });
  }
}

const allow = 'https://api.example';
const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret: 'secret' });
const ways: readonly (readonly [string, () => unknown])[] = [
  ['attachAuth', () => attachAuth(axios.create(), always('token'), { allow })],
  ['attachAuth with *', () => attachAuth(axios.create(), always('token'), { allow: '*' })],
  ['authInterceptors', () => authInterceptors(always('token'), { allow })],
  ['composeClients', () => composeClients({ api: { config: { baseURL: allow }, authorizer: always('token') } })],
  ['an Authorizer with allow', () => new Authorizer(async () => 'token', { allow })],
];
const platforms: readonly (readonly [string, unknown])[] = [
  ['whose members throw', Throwing],
  ['whose members search the text', Searching],
  ['that is missing', undefined],
];

describe.each(platforms)('a URL class %s', (_what, platform) => {
  it.each(ways)('makes %s a ConfigurationError that names the polyfill (C9)', (_name, attach) => {
    Object.assign(globalThis, { URL: platform });
    expect(attach).toThrow(expect.objectContaining({ name: 'ConfigurationError' }) as Error);
    expect(attach).toThrow(/react-native-url-polyfill/);
  });
});

it('a URL class whose members throw fails a token request with the same words (C16)', async () => {
  const auth = new Authorizer(clientCredentialsSource({ tokenUrl: 'https://id.example/token', clientAuth }));
  Object.assign(globalThis, { URL: Throwing });
  const error = await rejection(auth.getToken());
  expect(error).toMatchObject({
    code: 'configuration',
    message: expect.stringContaining('react-native-url-polyfill') as string,
  });
});
