// Do the clients of one program keep their credentials apart?
import { Authorizer, composeClients, ConfigurationError, createClient } from '../../src/index.js';
import { stage, statusOf } from './world.js';

const { api: anotherApi } = stage();

function counting(name: string): Authorizer {
  let made = 0;
  return new Authorizer(async () => Promise.resolve(`${name}-${++made}`));
}

async function twoServices() {
  const [records, files] = await Promise.all([anotherApi(), anotherApi()]);
  const authorizers = { records: counting('records'), files: counting('files') };
  const clients = composeClients(
    {
      records: {
        config: { baseURL: records.origin, headers: { 'X-Service': 'records' } },
        authorizer: authorizers.records,
      },
      files: { config: { baseURL: `${files.origin}/v1`, timeout: 9_000 }, authorizer: authorizers.files },
    },
    { timeout: 5_000, headers: { 'X-Program': 'the-program' } },
  );
  return { records, files, clients, authorizers };
}

it('each service gets its own token, and shares the defaults (C13)', async () => {
  const { records, files, clients } = await twoServices();
  await Promise.all([clients.records.get('/Patient'), clients.files.get('/export')]);
  expect([records.bearers(), files.bearers()]).toEqual([['records-1'], ['files-1']]);
  expect(records.requests[0]?.headers).toMatchObject({ 'x-program': 'the-program', 'x-service': 'records' });
  expect(files.requests[0]).toMatchObject({ url: '/v1/export', headers: { 'x-program': 'the-program' } });
  expect(files.requests[0]?.headers).not.toHaveProperty('x-service');
  expect([clients.records.defaults.timeout, clients.files.defaults.timeout]).toEqual([5_000, 9_000]);
});

it('a token of one service never reaches another (C9)', async () => {
  const { records, files, clients } = await twoServices();
  expect(await statusOf(clients.records.get(`${files.origin}/v1/export`))).toBe(401);
  expect(await statusOf(clients.files.get(`${files.origin}/v2/export`))).toBe(401);
  expect([...records.bearers(), ...files.bearers()]).toEqual([undefined, undefined]);
});

it('a refusal by one service renews its token alone (C7)', async () => {
  const { records, clients, authorizers } = await twoServices();
  await Promise.all([clients.records.get('/a'), clients.files.get('/a')]);
  records.accepts = (bearer) => bearer === 'records-2';
  expect(await statusOf(clients.records.get('/b'))).toBe(200);
  expect([authorizers.records.accessToken, authorizers.files.accessToken]).toEqual(['records-2', 'files-1']);
});

it('interceptors of one client are not those of another (C13)', async () => {
  const { clients } = await twoServices();
  const seen: string[] = [];
  clients.records.interceptors.request.use((config) => {
    seen.push(String(config.url));
    return config;
  });
  await Promise.all([clients.records.get('/mine'), clients.files.get('/theirs')]);
  expect(seen).toEqual(['/mine']);
});

it('services may share one authorizer, and with it one token and one refresh (C2)', async () => {
  const [a, b] = await Promise.all([anotherApi(), anotherApi()]);
  const shared = counting('shared');
  const clients = composeClients({
    a: { config: { baseURL: a.origin }, authorizer: shared },
    b: { config: { baseURL: b.origin }, authorizer: shared },
  });
  await Promise.all([clients.a.get('/'), clients.b.get('/')]);
  expect([...a.bearers(), ...b.bearers()]).toEqual(['shared-1', 'shared-1']);
});

it('options of a service say where else its token may go (C9)', async () => {
  const [main, mirror] = await Promise.all([anotherApi(), anotherApi()]);
  const clients = composeClients({
    main: {
      config: { baseURL: main.origin },
      authorizer: counting('main'),
      options: { allow: [main.origin, mirror.origin] },
    },
  });
  await clients.main.get(`${mirror.origin}/copy`);
  expect(mirror.bearers()).toEqual(['main-1']);
});

it('a service that does not say where its token may go is a ConfigurationError (C9)', () => {
  const lost = { config: {}, authorizer: counting('lost') };
  expect(() => composeClients({ lost })).toThrow(ConfigurationError);
  expect(() => composeClients({ lost }, { baseURL: 'http://api.example' })).toThrow(ConfigurationError);
  expect(() => composeClients({ lost }, { baseURL: 'https://api.example' })).not.toThrow();
});

it('each client has its authorizer in reach, and one alone is made the same way (C13)', async () => {
  const { clients, authorizers, records } = await twoServices();
  expect([clients.records.authorizer, clients.files.authorizer]).toEqual([authorizers.records, authorizers.files]);
  const client = createClient({ config: { baseURL: records.origin }, authorizer: authorizers.records });
  expect(client.authorizer).toBe(authorizers.records);
  expect((await client.get('/alone')).status).toBe(200);
  expect(() => createClient({ config: {}, authorizer: authorizers.records })).toThrow(ConfigurationError);
});
