// URLs of every make, on one client: a token is seen by nobody but the allowed path, and there always.
import axios from 'axios';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import { stage, upTo } from './world.js';

const { server } = stage();
const REQUESTS = 700;

/** A generator that can be repeated (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Seen {
  readonly url: string;
  readonly token: boolean;
  /** Whether the config says the same each time that it is asked, on every adapter and with params as without. */
  readonly steady: boolean;
}

interface Scene {
  readonly client: AxiosInstance;
  readonly api: LoopbackServer;
  readonly stranger: LoopbackServer;
  readonly atApi: Seen[];
  readonly atStranger: Seen[];
}

async function scene(adapter: string): Promise<Scene> {
  const [atApi, atStranger]: Seen[][] = [[], []];
  const noting = (seen: Seen[] = []) =>
    server(({ url, headers }, response) => {
      seen.push({ url, token: headers.authorization !== undefined, steady: headers['x-steady'] === 'yes' });
      response.end(JSON.stringify({ url }));
    });
  const [api, stranger] = await Promise.all([noting(atApi), noting(atStranger)]);
  const client = axios.create({ adapter });
  attachAuth(client, new Authorizer(async () => 'secret-token'), { allow: `${api.origin}/ok` });
  return { client, api, stranger, atApi: atApi ?? [], atStranger: atStranger ?? [] };
}

const tails = [
  '',
  '/',
  '/x',
  '/../x',
  '/..%2fx',
  '?q=/../',
  '#/ok',
  '\n',
  '\t/x',
  ' ',
  '\\..\\x',
  '/./y',
  '//z',
  '/%2e%2e/x',
];
const heads = ['/ok', '/ok', '/ok', '/ok', '/okay', '/no', '/ok/..', '', '//ok', '/OK', '/ok;v=1', '/no/../ok'];

type Pick = <V>(values: readonly V[]) => V;

function asString(pick: Pick, origins: readonly string[]): string {
  const origin = pick(['', '', ...origins, ...origins, ...origins.map((one) => one.slice('http:'.length))]);
  const shaped = pick([
    origin,
    origin,
    origin.replace('//', '\\\\'),
    origin.replace('http', 'HT\ttp'),
    origin.replace('//', ''),
  ]);
  return `${pick(['', '', '', '', ' ', '\n', '\u0001'])}${shaped}${pick(heads)}${pick(tails)}`;
}

function steady(text: string, other: string): readonly unknown[] {
  return [
    text,
    text,
    text,
    Object(text),
    [text],
    [text, other],
    { toString: () => text },
    { href: other, toString: () => text },
    URL.canParse(text) ? new URL(text) : text,
  ];
}

function fickle(text: string, other: string): readonly unknown[] {
  const left = [text, other, text, other];
  const pop = (): string => left.pop() ?? text;
  return [
    { toString: pop },
    { [Symbol.toPrimitive]: pop, replace: pop },
    { toString: () => text, replace: () => other, slice: () => other, length: 0, charCodeAt: () => 0 },
  ];
}

function configOf(pick: Pick, origins: readonly string[]): AxiosRequestConfig {
  const shapes = pick([steady, steady, steady, fickle]);
  const texts = [asString(pick, origins), asString(pick, origins)] as const;
  const value = (): unknown => pick(shapes(...texts));
  return {
    url: pick([value(), value(), value(), undefined, null, 7, '']) as string,
    baseURL: pick([value(), undefined, undefined, null, '', 0]) as string,
    allowAbsoluteUrls: pick([true, false, undefined, 0, 'false', null]) as boolean,
    params: pick([undefined, { a: 1 }, new URLSearchParams('b=2')]),
    headers: { 'X-Steady': shapes === steady && !texts.some((text) => text.endsWith(' ')) ? 'yes' : 'no' },
    ...pick([{}, {}, { paramsSerializer: { serialize: () => '@evil/../no' } }]),
  };
}

const isAllowed = ({ url }: Seen): boolean => /^\/ok(?:[/?]|$)/.test(url);
/** Some servers decode further than the URL standard does. */
const climbs = ({ url }: Seen): boolean => /\.\.(?:%2f|\/)/i.test(url.replace(/\?.*/, ''));

describe.each(['http', 'fetch'])('on the %s adapter', (adapter) => {
  it.each([1, 2, 3])(
    'no URL of seed %d takes a token out of the allow list, or leaves it at home (C9)',
    async (seed) => {
      const { client, api, stranger, atApi, atStranger } = await scene(adapter);
      const below = random(seed);
      const pick: Pick = (values) => values[below(values.length)] ?? (values[0] as (typeof values)[number]);
      for (const _ of upTo(REQUESTS))
        await client.request(configOf(pick, [api.origin, stranger.origin])).catch(() => undefined);
      expect(atStranger.filter(({ token }) => token)).toEqual([]);
      expect(atApi.filter((seen) => seen.token && (!isAllowed(seen) || climbs(seen)))).toEqual([]);
      expect(atApi.filter((seen) => !seen.token && seen.steady && isAllowed(seen) && !climbs(seen))).toEqual([]);
      expect(atApi.filter(({ token }) => token).length).toBeGreaterThan(10);
      expect(atStranger.length).toBeGreaterThan(10);
    },
  );
});
