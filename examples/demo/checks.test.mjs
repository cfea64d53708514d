// A check that cannot fail says nothing. With authorizers that are broken on purpose the demo has to say which promises
// break; and what makes the machine busy must not outlive it. Run after a build: node --test examples/demo/checks.test.mjs

import { equal, match, ok } from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Journal } from './journal.mjs';
import { Pace, stretchOf } from './pace.mjs';

const DEMO = fileURLToPath(new URL('demo.mjs', import.meta.url));

function runDemo(...args) {
  return new Promise((resolve) => {
    execFile(process.execPath, [DEMO, '--no-html', ...args], { maxBuffer: 2 ** 26 }, (error, stdout) =>
      resolve({ code: error?.code ?? 0, broken: linesOf(stdout, '  BROKEN'), beside: linesOf(stdout, '  beside') }),
    );
  });
}

function linesOf(output, start) {
  return output.split('\n').filter((line) => line.startsWith(start));
}

test('with an authorizer for each request the promises of one token call, of one use and of no waiting break', async () => {
  const { code, broken } = await runDemo('--seconds', '8', '--broken', 'alone');
  equal(code, 1);
  for (const promise of [
    /every request is answered/,
    /no refresh token is used twice/,
    /no request waits while the current token is live/,
    /each revocation costs one token call/,
    /the dead endpoint is asked a few times/,
    /a cold start of 1,000 costs one token call/,
    /a 401 storm of 1,000 costs one token call/,
  ])
    match(broken.join('\n'), promise);
});

test('with a refresh that begins too late, requests are seen to wait while the current token is live', async () => {
  const { code, broken } = await runDemo('--seconds', '8', '--broken', 'late');
  equal(code, 1);
  match(broken.join('\n'), /no request waits while the current token is live/);
});

test('times are stretched in halves of what is usual, six times at most, and never shortened', () => {
  const usual = 110;
  equal(stretchOf(usual / 3), 1);
  equal(stretchOf(usual * 1.2), 1);
  equal(stretchOf(usual * 2.4), 2.5);
  equal(stretchOf(usual * 60), 6);
  equal(new Pace(1).after(250), undefined);
  equal(new Pace(1).after(251).stretch, 1.5);
  equal(new Pace(2).after(1_000).stretch, 4);
  equal(new Pace(2).after(60_000).stretch, 6);
  equal(new Pace(6).after(60_000), undefined);
  equal(new Pace(1).inWords, undefined);
  equal(new Pace(2.5).inWords, 'this machine is busy: times are stretched 2.5 times');
});

test('plain axios makes a token call for each request and fails in the outage, which breaks no promise', async () => {
  const { code, broken, beside } = await runDemo('--seconds', '8');
  equal(code, 0, broken.join('\n'));
  match(beside.join('\n'), /token calls without a token: 1, with plain axios 100/);
  match(beside.join('\n'), /token calls after the revocation: 1, with plain axios 100/);
  match(beside.join('\n'), /while the endpoint was down: \d+, with plain axios \d\d/);
  match(beside.join('\n'), /failed requests: 0, with plain axios [1-9]/);
});

test('who waits at the moment at which a token comes, or comes too late to refresh it, is no wait beside a live token', () => {
  const token = { at: 1_000, durationMs: 1_000, expiresAt: 4_000 };
  equal(waitsBeside(token, { waitsAt: 2_000 }), 0);
  equal(waitsBeside(token, { waitsAt: 2_001 }), 1);
  // in the last 15 % of the lifetime, which began when the token was asked for: only if somebody came in time to refresh it
  equal(waitsBeside(token, { waitsAt: 3_549 }), 1);
  equal(waitsBeside(token, { waitsAt: 3_550 }), 0);
  equal(waitsBeside(token, { waitsAt: 3_999, askedAt: 3_549 }), 1);
  equal(waitsBeside(token, { waitsAt: 4_000, askedAt: 3_549 }), 0);
  equal(waitsBeside({ ...token, durationMs: 2_600 }, { waitsAt: 3_999, askedAt: 3_549 }), 0);
});

/** How many waits a journal counts as needless that hears of one token, perhaps of a request, and of a wait. */
function waitsBeside({ at, durationMs, expiresAt }, { askedAt, waitsAt }) {
  const journal = new Journal('by hand', { now: () => askedAt });
  journal.observe({ type: 'acquiring', id: 1, at, reason: 'missing' });
  journal.observe({ type: 'acquired', id: 1, at, reason: 'missing', durationMs, expiresAt: new Date(expiresAt) });
  if (askedAt !== undefined) void journal.follow(Promise.resolve());
  journal.observe({ type: 'waited', id: 2, at: waitsAt, durationMs: 1 });
  return journal.waitedWithLiveToken;
}

for (const signal of ['SIGINT', 'SIGKILL'])
  test(
    `what burns the cores ends with the demo, by ${signal} too`,
    { skip: process.platform !== 'linux' },
    async () => {
      const demo = spawn(process.execPath, [DEMO, '--no-html', '--busy'], { stdio: 'ignore' });
      const exited = once(demo, 'exit');
      while (burning(demo.pid).length === 0) await turn();
      const burners = burning(demo.pid);
      demo.kill(signal);
      await exited;
      while (burners.some(isRunning)) await turn();
      ok(burners.length > 0);
    },
  );

/** The processes that `parent` started to burn a core. */
function burning(parent) {
  return readdirSync('/proc').filter((pid) => {
    return read(pid, 'cmdline').includes('burn.mjs') && read(pid, 'status').includes(`PPid:\t${parent}\n`);
  });
}

/** A process that has ended and was not waited for is a zombie. */
function isRunning(pid) {
  const status = read(pid, 'status');
  return status !== '' && !/^State:\s+Z/m.test(status) && read(pid, 'cmdline').includes('burn.mjs');
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
