// Does an error show what was sent, when the server sends it back?
import { leaks } from '@axios-authorizer/test-kit';
import { clientSecretBasic, clientSecretPost } from '../../src/index.js';
import { requestToken } from '../../src/extend.js';
import { adapters, failureOf, grant, tokenEndpoint } from './stage.js';
import type { TokenAnswer } from '@axios-authorizer/test-kit';
import type { ClientAuth } from '../../src/index.js';

const clientId = 'the-client';
const clientSecret = 'client secret: 100% +more/=&?';
const refreshToken = 'refresh/token+of~mine==';
const password = 'pass wörd "with" everything\\&%';
const secrets = [clientSecret, refreshToken, password];

type Echo = (form: URLSearchParams, authorization: string) => Record<string, unknown>;

const echoes: readonly (readonly [what: string, echo: Echo])[] = [
  ['the form as it came', (form) => ({ error_description: `you sent ${form.toString()}` })],
  ['the header as it came', (_, authorization) => ({ error_description: `you sent ${authorization}` })],
  ['the decoded header', (_, authorization) => ({ error_description: decodedBasic(authorization) })],
  ['the values', (form) => ({ error_description: [...form.values()].join(' and ') })],
  ['the values in error', (form) => ({ error: [...form.values()].join('_') })],
  ['the values in error_uri', (form) => ({ error_uri: `https://example.org/?${[...form.values()].join('&')}` })],
  ['percent-encoded values', (form) => ({ error_description: [...form.values()].map(encodeURIComponent).join() })],
  ['a value over and over', () => ({ error_description: `${secrets.join(' ')} `.repeat(20) })],
];

const methods: readonly (readonly [name: string, clientAuth: ClientAuth])[] = [
  ['clientSecretBasic', clientSecretBasic({ clientId, clientSecret })],
  ['clientSecretPost', clientSecretPost({ clientId, clientSecret })],
];

const rows = methods.flatMap(([name, clientAuth]) =>
  echoes.map(([what, echo]) => [what, name, echo, clientAuth] as const),
);

it.each(rows)('a server that echoes %s gives nothing away, %s (C11, C15)', async (_what, _name, echo, clientAuth) => {
  const error = await failureFrom((form, request) => {
    return { status: 400, json: { error: 'invalid_client', ...echo(form, String(request.headers.authorization)) } };
  }, clientAuth);
  expect(error).toMatchObject({ name: 'TokenEndpointError', status: 400 });
  expect(leaks(error, secrets)).toEqual([]);
});

it.each<[what: string, answer: TokenAnswer]>([
  ['a page', (form) => ({ text: `<p>${[...form.values()].join()}</p>` })],
  ['a token_type', (form) => ({ json: { access_token: 'x', token_type: form.get('refresh_token') } })],
  ['a 500 page', (form) => ({ status: 500, text: form.toString() })],
])('an echo in %s is not shown either (C11, C15)', async (_, answer) => {
  const error = await failureFrom(answer, clientSecretPost({ clientId, clientSecret }));
  expect(error).toMatchObject({ name: 'TokenEndpointError' });
  expect(leaks(error, secrets)).toEqual([]);
});

it.each(adapters)('an error without an answer shows nothing that was sent, over %s (C11, C15)', async (adapter) => {
  const error = await failureFrom({ reset: true }, clientSecretBasic({ clientId, clientSecret }), adapter);
  expect(error).toMatchObject({ code: 'network', cause: { message: expect.any(String) as string } });
  expect(leaks(error, secrets)).toEqual([]);
});

it('a Basic header that was made by hand gives nothing away either (C11, C15)', async () => {
  const error = await failureFrom(
    (_, request) => {
      const [, word = ''] = String(request.headers.authorization).split(' ');
      return { status: 401, json: { error_description: `${Buffer.from(word, 'base64').toString()} is wrong` } };
    },
    rawBasic(`${clientId}:höchst geheim %41`),
  );
  expect(error).toMatchObject({ status: 401 });
  expect(leaks(error, ['höchst geheim %41'])).toEqual([]);
});

it.each(['Basic', 'Basic %%%', 'Basic  two  blanks', 'Key abc', ''])(
  'an Authorization of "%s" is the business of its maker: the answer decides (C15)',
  async (authorization) => {
    const clientAuth: ClientAuth = ({ headers }) => void (headers['Authorization'] = authorization);
    const error = await failureFrom({ status: 401, json: { error: 'invalid_client' } }, clientAuth);
    expect(error).toMatchObject({ name: 'TokenEndpointError', error: 'invalid_client' });
  },
);

it('what is no secret stays readable (C15)', async () => {
  const error = await failureFrom(
    { status: 400, json: { error: 'invalid_scope', error_description: 'the-client may not ask for refresh_token' } },
    clientSecretPost({ clientId, clientSecret }),
  );
  expect(error).toMatchObject({ errorDescription: 'the-client may not ask for refresh_token' });
});

async function failureFrom(
  answer: TokenAnswer,
  clientAuth: ClientAuth,
  adapter: (typeof adapters)[number] = 'http',
): Promise<unknown> {
  const endpoint = await tokenEndpoint();
  endpoint.next(answer);
  const body = grant('refresh_token', { refresh_token: refreshToken, password });
  return failureOf(requestToken({ url: endpoint.url, body, clientAuth, transport: { adapter } }));
}

/** Basic without the form-encoding, as many write it. */
function rawBasic(credentials: string): ClientAuth {
  return ({ headers }) => void (headers['Authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`);
}

/** What a server makes of Basic (RFC 6749 section 2.3.1). */
function decodedBasic(authorization: string): string {
  const [, word = ''] = authorization.split(' ');
  const [id = '', secret = ''] = Buffer.from(word, 'base64').toString().split(':');
  const decoded = new URLSearchParams(`id=${id}&secret=${secret}`);
  return `client ${decoded.get('id')} has another secret than ${decoded.get('secret')}`;
}
