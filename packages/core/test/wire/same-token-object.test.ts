// A source keeps one token object and changes it in place: is the new value sent?
import axios from 'axios';
import { Authorizer, attachAuth } from '../../src/index.js';
import { capture } from './capture.js';

interface Changing {
  accessToken: string;
  readonly issuedAt: Date;
}

it('a source that returns the same object again, changed, is sent with its new accessToken (C1, C9)', async () => {
  const token: Changing = { accessToken: 'first', issuedAt: new Date() };
  const auth = new Authorizer(async () => token);
  const { adapter, sent } = capture();
  const client = axios.create({ baseURL: 'https://api.example', adapter });
  attachAuth(client, auth);
  await client.get('/a');
  token.accessToken = 'second';
  const renewed = await auth.getToken({ force: true });
  await client.get('/b');
  expect(sent.map(({ headers }) => headers.get('Authorization'))).toEqual(['Bearer first', 'Bearer second']);
  expect([auth.headersFor(renewed), await auth.headers('https://api.example/c')]).toEqual([
    { Authorization: 'Bearer second' },
    { Authorization: 'Bearer second' },
  ]);
});
