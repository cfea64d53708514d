// Where may the token go? What the inner adapter is given, for every way of writing a URL.
import axios from 'axios';
import type { AxiosRequestConfig } from 'axios';
import { authorizedFetch } from '../../src/fetch/index.js';
import { attachAuth, Authorizer } from '../../src/index.js';
import type { AttachAuthOptions, AuthEvent } from '../../src/index.js';
import { capture } from './capture.js';
import { clientOverFetch } from './over-fetch.js';

interface Sent {
  readonly authorization: unknown;
  readonly apiKey: unknown;
  readonly logins: number;
  readonly events: readonly AuthEvent[];
}

/** How a request is sent: who joins and writes its URL is axios, in both cases. */
type How = 'an axios client' | 'authorizedFetch';

/** What a request through a client with one authorizer carries, and whether it caused a login. */
async function sendBy(how: How, request: AxiosRequestConfig, options: AttachAuthOptions, baseURL = ''): Promise<Sent> {
  let logins = 0;
  const events: AuthEvent[] = [];
  const auth = new Authorizer(async () => Promise.resolve(`token-${++logins}`), {
    clientInfo: { clientId: 'me', apiKey: 'the-key' },
    observer: (event) => events.push(event),
  });
  const { authorization, apiKey } = await (how === 'authorizedFetch' ? overFetch : overAxios)(auth, {
    request,
    options,
    baseURL,
  });
  return { authorization: authorization ?? undefined, apiKey: apiKey ?? undefined, logins, events };
}

interface Asked {
  readonly request: AxiosRequestConfig;
  readonly options: AttachAuthOptions;
  readonly baseURL: string;
}

async function overAxios(auth: Authorizer, { request, options, baseURL }: Asked): Promise<Partial<Sent>> {
  const { adapter, sent } = capture();
  const client = axios.create({ adapter, ...(baseURL && { baseURL }) });
  attachAuth(client, auth, options);
  await client.request(request);
  const headers = sent[0]?.headers;
  return { authorization: headers?.get('Authorization'), apiKey: headers?.get('X-Api-Key') };
}

async function overFetch(
  auth: Authorizer,
  { request, options: { allow, allowInsecure }, baseURL }: Asked,
): Promise<Partial<Sent>> {
  const sent: Headers[] = [];
  const fetch = async (_input: unknown, init?: RequestInit): Promise<Response> => {
    sent.push(new Headers(init?.headers));
    return Promise.resolve(new Response(''));
  };
  const options = { ...(allow !== undefined && { allow }), allowInsecure, fetch };
  const { url = '', ...others } = request;
  // axios would make Basic credentials of a user in a URL
  const isWhole = /^\w+:/.test(url) && Object.keys(others).length === 0;
  if (isWhole) await authorizedFetch(auth, { allow: baseURL, ...options })(url);
  else await clientOverFetch(auth, baseURL ? { baseURL } : {}, options).request(request);
  return { authorization: sent[0]?.get('Authorization'), apiKey: sent[0]?.get('X-Api-Key') };
}

const carried = { authorization: 'Bearer token-1', apiKey: 'the-key', logins: 1 };
const nothing = { authorization: undefined, apiKey: undefined, logins: 0 };

const base = 'https://api.example/fhir';
const inScope: readonly string[] = [
  '/Patient/1',
  'Patient/1',
  '',
  '/',
  '?name=x',
  'https://api.example/fhir',
  'https://api.example/fhir/',
  'https://api.example/fhir?x=1',
  'https://api.example/fhir#part',
  'https://api.example/fhir/Patient/1?next=https://stranger.example',
  'HTTPS://API.EXAMPLE/fhir/Patient',
  'https://api.example:443/fhir/Patient',
  'https://api.example/fhir/a/../b',
  'https://api.example/x/../fhir/b',
  'https://api.example/fhir/a%20b',
  'https://api.example/fhir/100%25',
  'https://api.example/fhir/caf%C3%A9/%E2%82%AC',
  'https://api.example/fhir/..hidden/...',
  'https://api.example/fhir/v1.2.3',
  'https://api.example\\fhir\\Patient',
];
const outOfScope: readonly string[] = [
  'https://api.example/',
  'https://api.example/fhir2/Patient',
  'https://api.example/fhirsecret',
  'https://api.example/FHIR/Patient',
  'https://api.example/other/fhir',
  'https://api.example.evil/fhir/Patient',
  'https://evil-api.example/fhir/Patient',
  'https://sub.api.example/fhir/Patient',
  'https://api.example./fhir/Patient',
  'https://api.example:444/fhir/Patient',
  'https://api.example:80/fhir/Patient',
  'http://api.example/fhir/Patient',
  'http://api.example:443/fhir/Patient',
  'ftp://api.example/fhir/Patient',
  'https://api.example@evil.example/fhir/Patient',
  'https://api.example:fhir@evil.example/fhir/Patient',
  'https://user@api.example/fhir/Patient',
  'https://user:secret@api.example/fhir/Patient',
  'https://evil.example/https://api.example/fhir/Patient',
  'https://evil.example?https://api.example/fhir/',
  'https://evil.example#@api.example/fhir/',
  'https://evil.example\\@api.example/fhir/Patient',
  'https://api.example/fhir/../admin',
  'https://api.example/fhir/./../admin',
  'https://api.example/fhir/%2e%2e/admin',
  'https://api.example/fhir/%2E%2E/admin',
  'https://api.example/fhir/.%2e/admin',
  'https://api.example/fhir/a/%2e%2e/%2e%2e/admin',
  'https://api.example/fhir/%252e%252e/admin',
  'https://api.example/fhir/%25252e%25252e/admin',
  'https://api.example/fhir/..%2fadmin',
  'https://api.example/fhir/..%2Fadmin',
  'https://api.example/fhir/..%252fadmin',
  'https://api.example/fhir/%2e%2e%2fadmin',
  'https://api.example/fhir/..%5cadmin',
  'https://api.example/fhir/..%5Cadmin',
  'https://api.example/fhir/%2e%2e%5cadmin',
  'https://api.example/fhir/..;/admin',
  'https://api.example/fhir/..;a=1/admin',
  'https://api.example/fhir/..%3b/admin',
  'https://api.example/fhir/..%253Ba=1/admin',
  `https://api.example/fhir/%${'25'.repeat(12)}2e%${'25'.repeat(12)}2e/admin`,
  'https://api.example/fhir/%c0%ae%c0%ae/admin',
  'https://api.example/fhir/%25c0%25ae./admin',
  'https://api.example/fhir/.%2%65/admin',
  'https://api.example/fhir/.%%32%65/admin',
  'https://api.example/fhir/..%c0%afadmin',
  'https://api.example/fhir/..%c1%9cadmin',
  'https://api.example/%66hir/Patient',
  'https://api.example/fhi%72',
  'https://api.example//fhir/Patient',
  'https://api.example/fhir;a=1/Patient',
  'https://api.example/FHIR/Patient',
  'https://api.example/fhir%2fPatient',
  'https://api.example/fhir%5cPatient',
  'https://api.example/fhir\\..\\admin',
  'https://api.example/fhir/x%2f..%2f..%2fadmin',
  'https://api.example%2eevil.example/fhir/Patient',
  'https://ap\u0131.example/fhir/Patient',
  'https://xn--ap-ela.example/fhir/Patient',
  'https://[::1]/fhir/Patient',
  'https://127.0.0.1/fhir/Patient',
  '../admin',
  '/../admin',
  '%2e%2e/admin',
  '/%2e%2e%2fadmin',
  '/..%5cadmin',
];
describe.each<How>(['an axios client', 'authorizedFetch'])('through %s', (how) => {
  const send = (request: AxiosRequestConfig, options: AttachAuthOptions, baseURL?: string): Promise<Sent> =>
    sendBy(how, request, options, baseURL);

  it.each(inScope)('%j lies in https://api.example/fhir and carries token and key (C9)', async (url) => {
    expect(await send({ url }, {}, base)).toMatchObject(carried);
  });

  it.each(outOfScope)(
    '%j lies outside https://api.example/fhir: nothing is added, nobody logs in (C9)',
    async (url) => {
      const sent = await send({ url }, {}, base);
      expect(sent).toMatchObject(nothing);
      expect(sent.events).toEqual([expect.objectContaining({ type: 'skipped', reason: 'not_allowed' })]);
    },
  );

  it.each([
    ['a protocol-relative URL to a stranger', { url: '//evil.example/fhir/Patient' }],
    ['a protocol-relative URL to the API, which Node cannot resolve', { url: '//api.example/fhir/Patient' }],
    ['another baseURL on the request', { url: '/Patient', baseURL: 'https://evil.example/fhir' }],
    ['an empty baseURL on the request', { url: '/fhir/Patient', baseURL: '' }],
    ['what is no URL', { url: 'https://', baseURL: '' }],
  ])('%s carries nothing (C9)', async (_, request) => {
    expect(await send(request, {}, base)).toMatchObject(nothing);
  });

  it("a protocol-relative URL carries nothing even where '*' is allowed (C9)", async () => {
    expect(await send({ url: '//evil.example/x' }, { allow: ['https://api.example', '*'] }, base)).toMatchObject(
      nothing,
    );
  });

  it('another baseURL on the request that is in scope carries the token (C9)', async () => {
    expect(await send({ url: '/Patient', baseURL: `${base}/r4` }, {}, base)).toMatchObject(carried);
  });

  it('a relative URL of a client without a base carries nothing (C9)', async () => {
    expect(await send({ url: '/fhir/Patient' }, { allow: base })).toMatchObject(nothing);
  });

  it('with allowAbsoluteUrls: false an absolute URL is a path under the base, and is judged as that (C9)', async () => {
    const url = 'https://evil.example/x';
    expect(await send({ url, allowAbsoluteUrls: false }, {}, base)).toMatchObject(carried);
    expect(await send({ url, allowAbsoluteUrls: true }, {}, base)).toMatchObject(nothing);
  });

  it('params cannot change where a request goes (C9)', async () => {
    const params = { x: '@evil.example/', y: '../../admin' };
    expect(await send({ url: '/Patient', params }, {}, base)).toMatchObject(carried);
    expect(await send({ url: 'https://evil.example', params: { x: base } }, {}, base)).toMatchObject(nothing);
  });

  it.each([
    ['http://localhost:8080', '/x', carried],
    ['http://127.0.0.1:8080', '/x', carried],
    ['http://127.1.2.3', '/x', carried],
    ['http://[::1]:8080', '/x', carried],
    ['http://[::1]:8080', 'http://[0:0:0:0:0:0:0:1]:8080/x', carried],
    ['http://app.localhost', '/x', carried],
    ['http://localhost:8080', 'http://localhost:8081/x', nothing],
    ['http://localhost:8080', 'https://localhost:8080/x', nothing],
    ['http://localhost:8080', 'http://127.0.0.1:8080/x', nothing],
    ['http://localhost', 'http://localhost.evil.example/x', nothing],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example/x', carried],
    ['https://xn--bcher-kva.example', 'https://B\u00dcCHER.example/x', carried],
    ['https://api.example:8443/', 'https://api.example:8443/x', carried],
    ['https://api.example:8443/', 'https://api.example/x', nothing],
  ])('of a client for %s a request to %s is judged by scheme, host and port (C9)', async (allow, url, expected) => {
    expect(await send({ url }, {}, allow)).toMatchObject(expected);
  });

  it.each([
    ['https://a.example/x', carried],
    ['https://b.example/deep/x', carried],
    ['https://b.example/x', nothing],
  ])('of several prefixes each counts: %s (C9)', async (url, expected) => {
    expect(await send({ url }, { allow: ['https://a.example', 'https://b.example/deep/'] })).toMatchObject(expected);
  });

  it.each([
    ['https://anywhere.example/x', carried],
    ['https://anywhere.example:8443/x', carried],
    ['http://localhost:1234/x', carried],
    ['http://anywhere.example/x', nothing],
    ['https://user@anywhere.example/x', nothing],
    ['ws://anywhere.example/x', nothing],
    ['data:text/plain,x', nothing],
    ['/relative', nothing],
  ])("'*' is any https origin, and only that: %s (C9)", async (url, expected) => {
    expect(await send({ url }, { allow: '*' })).toMatchObject(expected);
  });

  it.each([
    [{ allow: 'http://intranet.example', allowInsecure: true }, 'http://intranet.example/x', carried],
    [{ allow: 'http://intranet.example', allowInsecure: true }, 'http://other.example/x', nothing],
    [{ allow: ['*', 'http://intranet.example'], allowInsecure: true }, 'http://other.example/x', nothing],
  ])('with %j plain http goes to what is named, no further: %s (C9)', async (options, url, expected) => {
    expect(await send({ url }, options)).toMatchObject(expected);
  });
});
