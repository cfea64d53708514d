// The keys of a server cannot be read: will that pass?
import { sendForm, JwksCache } from '../../src/extend.js';
import { serverCertificate } from '@axios-authorizer/test-kit';
import { failureOf, loopback } from './stage.js';

function keysOf(url: string): JwksCache<string> {
  return new JwksCache(() => sendForm({ url }).then(() => new Map<string, string>()));
}

it('a key set behind a certificate that is not accepted is a ConfigurationError that says whom to trust (C5)', async () => {
  const { origin } = await loopback((_, response) => void response.end('{}'), { tls: serverCertificate() });
  const failure = await failureOf(keysOf(`${origin}/keys`).find('a'));
  expect(failure).toMatchObject({ name: 'ConfigurationError', kind: 'configuration', transient: false });
  expect((failure as Error).message).toMatch(
    /could not be read: https.*\/keys .*transport\.httpsAgent.*NODE_EXTRA_CA_CERTS/,
  );
});

it('a key set that nobody serves for a while is an outage (C5)', async () => {
  const gone = await loopback(() => undefined);
  await gone.stop();
  expect(await failureOf(keysOf(gone.origin).find('a'))).toMatchObject({ kind: 'unavailable', transient: true });
});
