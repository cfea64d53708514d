// A login service whose certificate is not accepted, and one that is silent: is it named, and what is to be done said?
import { getAdapter } from 'axios';
import { AuthenticationError } from '@axios-authorizer/core';
import { serverCertificate, startLoopback, until } from '@axios-authorizer/test-kit';
import { ItkSource } from '../../src/login/itk-source.js';
import { settings } from '../../src/index.js';
import { afterwards, codes, failureOf, world } from '../stage.js';

it('a login service behind an unknown certificate is told as that, and asked once (I8, C5)', async () => {
  const server = await startLoopback((_, response) => void response.end(), { tls: serverCertificate() });
  afterwards(() => server.stop());
  const { user } = await world({ user: { prefixUrl: server.origin } });
  const failure = await failureOf(user.authenticate());
  expect(failure).toMatchObject({ name: 'ConfigurationError', kind: 'configuration', transient: false });
  expect(failure.message).toMatch(/^https:.*grantToken .*transport\.httpsAgent.*NODE_EXTRA_CA_CERTS/);
});

it('keys behind an unknown certificate are told as that (I8, C5)', async () => {
  const tls = serverCertificate();
  const server = await startLoopback((_, response) => void response.end(), { tls });
  afterwards(() => server.stop());
  const { itkdb, user } = await world({
    user: {
      transport: {
        // a gateway that leads the key set elsewhere
        adapter: (config) => {
          const { origin } = new URL(String(config.url));
          const url = String(config.url).endsWith('listKeys')
            ? String(config.url).replace(origin, server.origin)
            : config.url;
          return getAdapter(['http'])({ ...config, ...(url !== undefined && { url }) });
        },
      },
    },
  });
  const failure = await failureOf(user.authenticate());
  expect(failure).toMatchObject({ kind: 'configuration', transient: false });
  expect(failure.message).toMatch(/listKeys .*transport\.httpsAgent.*NODE_EXTRA_CA_CERTS/);
  expect(itkdb.login.requests).toHaveLength(1);
});

it('a key set that is silent until the limit is what is named (C4)', async () => {
  const { itkdb, clock } = await world();
  itkdb.nextKeys({ hang: true });
  const { ITKDB_ACCESS_AUDIENCE: audience, ITKDB_ACCESS_SCOPE: scope } = settings;
  const asking = {
    codes,
    owner: undefined,
    scope,
    audience,
    issuer: itkdb.issuer,
    authUrl: `${itkdb.authUrl}/`.replace(/\/+$/, '/'),
    clock,
  };
  const source = new ItkSource({ ...asking, leeway: 2, threshold: () => 15, transport: undefined });
  const controller = new AbortController();
  const failed = failureOf(source.authorize({ signal: controller.signal }));
  await until(() => itkdb.keyReads === 1, 'the request');
  controller.abort(new AuthenticationError('No token within 5000 ms', { code: 'timeout', kind: 'unavailable' }));
  const failure = await failed;
  expect(failure).toMatchObject({ name: 'TokenEndpointError', code: 'timeout', kind: 'unavailable' });
  expect(failure.message).toMatch(/^http:.*listKeys had not answered/);
});
