// The bulk-data example when things go wrong: a file is whole or is not there, and a user who leaves leaves no export behind.
import { gate, until } from '@axios-authorizer/test-kit';
import type { Answer } from '@axios-authorizer/test-kit';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { linesOf, withServer } from './bulk-data-run.js';

const two = ['Patient', 'Observation'].map((type) => ({ type, count: 700 }));

/** The body of a file that begins well and is cut after one line. */
function cut(): Readable {
  let isBegun = false;
  return new Readable({
    read() {
      if (isBegun) setImmediate(() => this.destroy(new Error('cut')));
      else this.push('{"resourceType":"Patient","id":"1"}\n');
      isBegun = true;
    },
  });
}

/** The body of a file whose end never comes. */
function endless(): Readable {
  const body = new Readable({ read: () => undefined });
  body.push('{"resourceType":"Patient","id":"1"}\n');
  return body;
}

it('a download that is cut in the middle begins anew', async () => {
  await withServer({}, async ({ run, server, names, content }) => {
    server.nextResource(undefined, undefined, { body: cut() }, { status: 503 });
    const { code, stdout } = await run();
    expect({ code, names: names() }).toEqual({ code: 0, names: ['Patient-1.ndjson'] });
    expect(linesOf(content('Patient-1.ndjson'))).toBe(3);
    expect(stdout.match(/once more/g)).toHaveLength(2);
  });
});

it('a file without the lines that the manifest counts is no file, and the exit code says so', async () => {
  await withServer({ files: two }, async ({ run, server, names }) => {
    server.nextResource(undefined, undefined, { body: Readable.from(['{}\n\n{}']) });
    const { code, stdout } = await run();
    expect({ code, names: names().length }).toEqual({ code: 1, names: 1 });
    expect(stdout).toMatch(/FAILED: the manifest says 700 resources, there are 2/);
    expect(stdout).toMatch(/^ +1 +1 +700 /m);
  });
});

it('Ctrl-C during a download cancels the export at the server and leaves no part of a file', async () => {
  await withServer({}, async ({ begin, server, folder, names }) => {
    server.nextResource(undefined, undefined, { body: endless() });
    const { ended, interrupt } = begin();
    const part = join(folder, 'out/Patient-1.ndjson.part');
    await until(() => existsSync(part) && statSync(part).size > 0, 'the first bytes of the file');
    interrupt();
    expect(await ended).toMatchObject({
      code: 130,
      stdout: expect.stringContaining('was cancelled') as string,
      stderr: '',
    });
    expect({ deletions: server.bulk.deletions, names: names() }).toEqual({ deletions: 1, names: [] });
  });
});

it('Ctrl-C during a long pause between polls cancels at once', async () => {
  await withServer({ polls: 1_000, retryAfter: '300' }, async ({ begin, server }) => {
    const { ended, interrupt } = begin();
    await until(() => server.bulk.polls > 0, 'the first poll');
    interrupt();
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
    expect(server.bulk.deletions).toBe(1);
  });
});

it('Ctrl-C while the export is asked for waits for its name, and cancels it', async () => {
  await withServer({}, async ({ begin, server }) => {
    const { opened, open } = gate();
    server.nextResource({ after: opened });
    const { ended, interrupt, printed } = begin();
    await until(() => server.requests.some(({ url }) => url.endsWith('$export')), 'the kick-off');
    interrupt();
    await until(() => printed().includes('Cancelling'), 'the signal to arrive');
    open();
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
    expect(server.bulk).toMatchObject({ kickOffs: 1, deletions: 1, polls: 0, downloads: 0 });
  });
});

it('a refused kick-off is told in the words of the server', async () => {
  await withServer({}, async ({ run, server }) => {
    server.nextResource({ status: 400, json: { issue: [{ diagnostics: 'No \u001Bsuch group' }] } });
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringMatching(/400: No such group\n$/) as string });
  });
});

it('without leave for foreign files the export is cancelled, and the message says how to give it', async () => {
  await withServer({ fileOrigin: 'other' }, async ({ run, server }) => {
    const { code, stdout, stderr } = await run();
    expect({ code, deletions: server.bulk.deletions, downloads: server.bulk.downloads }).toEqual({
      code: 1,
      deletions: 1,
      downloads: 0,
    });
    expect(stdout).toContain('The export was cancelled.');
    expect(stderr).toContain(`--allow-files ${server.bulk.filesOrigin}`);
  });
});

it('a status beside the FHIR base gets no token until it is allowed, and then the export runs', async () => {
  await withServer({ place: 'beside' }, async ({ run, server, names }) => {
    const { code, stdout, stderr } = await run();
    expect({ code, polls: server.bulk.polls }).toEqual({ code: 1, polls: 0 });
    expect(stderr).toContain(`--allow-files ${server.origin}`);
    expect(stdout).toContain('could not be told that the export was cancelled');
    expect(await run('--allow-files', `${server.origin}/bulk`)).toMatchObject({ code: 0, stderr: '' });
    expect(names()).toEqual(['Patient-1.ndjson']);
  });
});

it('a report whose lines the manifest counts wrongly is kept and shown, with a note', async () => {
  await withServer({ requiresAccessToken: false }, async ({ run, server, names }) => {
    const error = [{ type: 'OperationOutcome', url: `${server.baseUrl}/bulkfiles/job-1/0.ndjson`, count: 7 }];
    const issue = [{ severity: 'error', code: 'processing', diagnostics: 'Two patients were left out' }];
    const line = JSON.stringify({ resourceType: 'OperationOutcome', issue });
    server.nextResource(
      undefined,
      { json: { requiresAccessToken: false, output: [], error } },
      { body: Readable.from([line]) },
    );
    const { code, stdout } = await run();
    expect({ code, names: names() }).toEqual({ code: 0, names: ['error-OperationOutcome-1.ndjson'] });
    expect(stdout).toContain('The server reports error: Two patients were left out\n');
    expect(stdout).toContain('note: of error-OperationOutcome-1.ndjson the manifest says 7 resources, there are 1\n');
  });
});

const outcome = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', diagnostics: 'The file has expired' }],
};
it.each<[status: number, answer: Answer, words: string]>([
  [410, { json: outcome }, 'The file has expired'],
  [410, { text: 'The requested file "x" is missing or expired' }, 'The requested file "x" is missing or expired'],
  [403, { json: { error: 'access_denied', error_description: 'Not yours' } }, 'Not yours'],
  [
    404,
    { text: '<!doctype html><title>Not here</title>', headers: { 'content-type': 'text/html' } },
    'status code 404',
  ],
])('the server’s own words of a %i on a file are printed (%j)', async (status, answer, words) => {
  await withServer({}, async ({ run, server }) => {
    server.nextResource(undefined, undefined, { status, ...answer });
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toContain(`FAILED: Request failed with status code ${status}`);
    expect(stdout).toContain(words);
    expect(stdout).not.toContain('<!doctype');
  });
});

it('the words of a 401 that stays are printed beside what the client has to say (C8)', async () => {
  await withServer({}, async ({ run, server }) => {
    const refused = { status: 401, json: outcome };
    server.nextResource(undefined, undefined, refused, refused);
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED: .*401.*A fresh token was rejected as well.*: The file has expired/);
  });
});
