// What the bulk-data example does when all goes well, asked of it as a program: what it asks for, what it keeps, what it says.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { generateEcKeyPair, loadKeys } from '@axios-authorizer/smart-backend';
import { beginProgram, linesOf, withServer } from './bulk-data-run.js';

it('with nothing given it exports from a server of its own, retrying a revoked token on the way (S5)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulk-data-'));
  try {
    const { code, stdout, stderr } = await beginProgram([], folder).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const counts = { 'Patient-1': 2_000, 'Encounter-2': 12_000, 'Condition-3': 8_000, 'Observation-4': 50_000 };
    for (const [name, count] of Object.entries({ ...counts, 'Observation-5': 23_456 }))
      expect(linesOf(readFileSync(join(folder, 'bulk-export', `${name}.ndjson`), 'utf8'))).toBe(count);
    expect(stdout).toMatch(/^ +5 +0 +95,456 +[\d,]+ +[\d.]+ +2 +[1-9]\d*$/m);
    expect(statSync(join(folder, 'bulk-export/Patient-1.ndjson')).mode & 0o077).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('a real server is asked for the group, the types and the time that were wished (S5)', async () => {
  await withServer({}, async ({ run, server, names }) => {
    const wishes = ['--group', 'a/b', '--type', 'Patient,Observation', '--since', '2026-01-31T00:00:00+01:00'];
    expect(await run(...wishes, '--scope', 'system/Patient.rs')).toMatchObject({ code: 0, stderr: '' });
    const kickOff = server.requests.find(({ url }) => url.includes('$export'));
    expect(kickOff?.url).toBe(
      '/fhir/Group/a%2Fb/$export?_type=Patient%2CObservation&_since=2026-01-31T00%3A00%3A00%2B01%3A00',
    );
    expect(kickOff?.headers).toMatchObject({ accept: 'application/fhir+json', prefer: 'respond-async' });
    expect(names()).toEqual(['Patient-1.ndjson']);
    expect(server.refusals).toEqual([]);
  });
});

it('Content-Location may be relative, and the token endpoint given (S1)', async () => {
  await withServer({}, async ({ run, server, names }) => {
    server.nextResource({ headers: { 'content-location': 'bulkstatus/job-1' } });
    expect(await run('--token-url', server.tokenUrl)).toMatchObject({ code: 0, stderr: '' });
    expect(names()).toEqual(['Patient-1.ndjson']);
    expect(server.discoveries).toBe(0);
  });
});

it('Retry-After in milliseconds since 1970 is a second, not an age', async () => {
  const retryAfter = (): string => String(Date.now() + 1_300);
  await withServer({ polls: 1, retryAfter }, async ({ run, server }) => {
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain('export: 1 of 2; asking again in 1 s');
    expect(server.bulk.polls).toBe(2);
  });
});

it('names of files come from the type and the place in the manifest, never from the server', async () => {
  await withServer({ requiresAccessToken: false }, async ({ run, server, names }) => {
    const url = '../bulkfiles/job-1/0.ndjson'; // relative to the URL of the status
    const output = ['../../up', 'Patient', 7].map((type) => ({ type, url }));
    server.nextResource(undefined, { json: { requiresAccessToken: false, output, error: [{ type: 'Patient', url }] } });
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(names()).toEqual(['Patient-2.ndjson', 'Unknown-1.ndjson', 'Unknown-3.ndjson', 'error-Patient-1.ndjson']);
  });
});

it('what the server reports of its export is shown, and does nothing to a terminal', async () => {
  await withServer({ requiresAccessToken: false }, async ({ run, server, content }) => {
    const error = [{ type: 'OperationOutcome', url: `${server.baseUrl}/bulkfiles/job-1/0.ndjson` }];
    const issue = [{ severity: 'warning', code: 'processing', diagnostics: '\u001B[2Jtwo were left out' }];
    const line = JSON.stringify({ resourceType: 'OperationOutcome', issue });
    server.nextResource(
      undefined,
      { json: { requiresAccessToken: false, output: [], error } },
      { body: Readable.from([line]) },
    );
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain('The server reports warning: [2Jtwo were left out\n');
    expect(content('error-OperationOutcome-1.ndjson')).toBe(line);
  });
});

it.each([
  ['--base-url', 'https://ehr.example.org/fhir'],
  ['--since', 'yesterday'],
  ['--type', 'Patient;Observation'],
  ['--allow-files', '*'],
  ['--token-url', 'https://ehr.example.org/token'],
  ['--no-such-thing', ''],
])('options that make no sense are refused before anything is done: %s', async (...args) => {
  expect(await beginProgram(args, tmpdir()).ended).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(args[0]) as string,
  });
});

it('--help tells every option', async () => {
  const { code, stdout } = await beginProgram(['--help'], tmpdir()).ended;
  expect(code).toBe(0);
  for (const name of [
    'base-url',
    'client-id',
    'keys',
    'sign-with',
    'scope',
    'token-url',
    'group',
    'type',
    'since',
    'out',
    'allow-files',
  ])
    expect(stdout).toContain(`--${name} `);
});

it('of several keys the one that is named signs (S7)', async () => {
  await withServer({}, async ({ run, server, folder }) => {
    const [{ kid } = { kid: '' }] = await loadKeys(join(folder, 'keys'));
    await generateEcKeyPair(join(folder, 'keys'), { kid: 'not-registered' });
    expect(await run('--sign-with', kid)).toMatchObject({ code: 0, stderr: '' });
    expect((await run('--sign-with', 'not-registered')).code).toBe(1);
    expect((await run()).code).toBe(0); // the oldest
    expect(server.assertions.map(({ header }) => header['kid'])).toEqual([kid, 'not-registered', kid]);
  });
});
