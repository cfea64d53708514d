// Where the bulk-data example sends its token, and what becomes of an export whose token ends on the way.
import { leaks } from '@axios-authorizer/test-kit';
import { linesOf, withServer } from './bulk-data-run.js';

const six = Array.from({ length: 6 }, (_, index) => ({
  type: index < 3 ? 'Patient' : 'Observation',
  count: 700 + index,
}));

it.each(['other', 'same'] as const)(
  'no token goes to files that want none, at the %s origin (S5)',
  async (fileOrigin) => {
    await withServer({ requiresAccessToken: false, fileOrigin, files: six }, async ({ run, server, names }) => {
      expect(await run()).toMatchObject({ code: 0, stderr: '' });
      expect(names()).toHaveLength(6);
      expect(server.bulk).toMatchObject({ downloads: 6, authorizationsSeenByFiles: 0 });
    });
  },
);

it('files at another origin see the token only when that origin was allowed (S5)', async () => {
  await withServer({ fileOrigin: 'other', files: six }, async ({ run, server, names }) => {
    const { filesOrigin } = server.bulk;
    const { code, stderr } = await run();
    expect({ code, seen: server.bulk.authorizationsSeenByFiles, names: names() }).toEqual({
      code: 1,
      seen: 0,
      names: [],
    });
    expect(stderr).toContain(`--allow-files ${filesOrigin}`);
    expect(await run('--allow-files', filesOrigin)).toMatchObject({ code: 0, stderr: '' });
    expect(server.bulk).toMatchObject({ downloads: 6, authorizationsSeenByFiles: 6 });
  });
});

it('a token that ends between files leaves every file complete, for one token call (C7, S5)', async () => {
  let revoke = (): void => undefined;
  const hold = async (index: number): Promise<void> => (index === 2 ? revoke() : undefined);
  await withServer({ files: six, hold }, async ({ run, server, content }) => {
    revoke = () => server.revokeAll();
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    const counted = six.map(({ type }, index) => linesOf(content(`${type}-${index + 1}.ndjson`)));
    expect(counted).toEqual(six.map(({ count }) => count));
    expect(server.refused).toBeGreaterThan(0);
    expect({ calls: server.calls, refreshes: server.refreshRequests }).toEqual({ calls: 2, refreshes: 0 });
  });
});

it('no run prints the key or a token, however it ends (C11)', async () => {
  await withServer({ files: six.slice(0, 2) }, async ({ run, server, secrets }) => {
    const good = await run();
    server.nextResource(undefined, undefined, { status: 403 }, { status: 404 });
    const bad = await run();
    server.fault = 'request_expired_token';
    const refused = await run();
    server.fault = 'invalid_jti';
    const denied = await run();
    expect([good, bad, refused, denied].map(({ code }) => code)).toEqual([0, 1, 1, 1]);
    expect(secrets().length).toBeGreaterThan(3);
    expect(leaks([good, bad, refused, denied], secrets())).toEqual([]);
  });
});
