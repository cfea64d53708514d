import { renderings, startResourceServer } from '@axios-authorizer/test-kit';
import { enter } from '../load.mjs';

const API_KEY = 'an-api-key-that-is-secret';

export const leaks = {
  name: 'leaks',
  title: 'Where the token goes that it should not',
  about: () =>
    'A request of the same client with an absolute URL of another origin; an API that redirects (307) to another origin, with an X-Api-Key beside the token; an API that answers 400: does printing what the caller gets (`console.log`, `util.inspect`, `JSON.stringify`, `String`) show the token or the key? Good: nothing arrives, and nothing shows.',
  size: { full: {}, smoke: {} },
  columns: ['absolute URL', 'redirect', 'API key in a redirect', 'printed error'],
  appliesTo: ({ isVerifier }) => (isVerifier ? 'they verify tokens and send none.' : true),
  async run(client) {
    const { world, send, leave } = await enter(client, { apiKey: API_KEY, apiMs: 0 });
    const foreign = await startResourceServer({ accepts: () => true });
    // another host by name: some clients go by that alone
    const elsewhere = foreign.origin.replace('127.0.0.1', 'localhost');
    await send({ url: `${elsewhere}/absolute` }).catch(() => undefined);
    await send({ url: `/redirect?status=307&to=${encodeURIComponent(`${elsewhere}/redirected`)}` }).catch(
      () => undefined,
    );
    world.api.next({ status: 400, json: { error: 'bad_request' } });
    const answer = await send({ url: '/bad' }).catch((error) => error);
    const arrived = (path) => foreign.requests.filter(({ url }) => url === path);
    const result = {
      absolute: arrived('/absolute').some(hasToken),
      redirect: arrived('/redirected').some(hasToken),
      apiKey: arrived('/redirected').some(({ headers }) => headers['x-api-key'] !== undefined),
      printed: shows(answer, [...world.secrets(), API_KEY]),
    };
    await foreign.stop();
    await leave();
    return result;
  },
  cells: ({ absolute, redirect, apiKey, printed }) => [
    verdict(absolute, 'sent'),
    verdict(redirect, 'sent'),
    verdict(apiKey, 'sent'),
    verdict(printed, 'shows'),
  ],
};

function shows(value, secrets) {
  return renderings(value).some((text) => secrets.some((secret) => text.includes(secret)));
}

function hasToken({ headers }) {
  return headers.authorization !== undefined;
}

function verdict(isLeak, word) {
  return isLeak ? { mark: 'bad', text: word } : { mark: 'good', text: 'no' };
}
