// The bulk-data example when things go wrong: a file is whole or is not there, and a user who leaves leaves no export behind.
import { gate, until } from '@axios-authorizer/test-kit';
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
