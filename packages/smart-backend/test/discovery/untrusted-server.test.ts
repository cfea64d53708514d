// A hospital's CA that nobody told Node about: the first thing that fails is discovery. Does it say so?
import { serverCertificate } from '@axios-authorizer/test-kit';
import { SMARTBackendAuth } from '../../src/index.js';
import { authorize, failureOf, world } from '../stage.js';

const words = /transport\.httpsAgent.*NODE_EXTRA_CA_CERTS/;

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  it('a SMART configuration behind an unknown certificate is told as that, and asked for once (S1, C5)', async () => {
    const { server, client } = await world({
      server: { tls: serverCertificate() },
      options: { transport: { adapter } },
    });
    const failure = await failureOf(client.get('/Patient/1'));
    expect(failure).toMatchObject({ code: 'discovery_failed', kind: 'configuration', transient: false });
    expect(failure.message).toMatch(/^SMART discovery failed: https:.*smart-configuration/);
    expect(failure.message).toMatch(words);
    expect(failure.message).not.toContain('tokenUrl');
    expect(server.requests).toEqual([]);
  });
});

it('a token endpoint behind an unknown certificate is told as that (C5)', async () => {
  const { server, options } = await world({ server: { tls: serverCertificate() } });
  const failure = await failureOf(authorize(new SMARTBackendAuth({ ...options, tokenUrl: server.tokenUrl })));
  expect(failure).toMatchObject({ kind: 'configuration', transient: false });
  expect(failure.message).toMatch(words);
});
