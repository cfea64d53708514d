// Who may take a lock from whom: the dead are replaced at once, the lapsed after their lease, the living never while they work.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { fileTokenStore } from '../../src/node/index.js';
import { fileTokenStoreOn } from '../../src/node/file-token-store.js';
import { underFileLock } from '../../src/node/file-lock.js';
import { fateOf, newOwner, ownerAsText, ownerOf } from '../../src/node/lock-owner.js';
import { thisPlatform } from '../../src/node/platform.js';
import { temporaryFolder } from './folder.js';
import { platformAt, platformWith } from './platforms.js';
import type { LockOwner } from '../../src/node/lock-owner.js';

const leaseMs = 10_000;
const isLinux = process.platform === 'linux';
const whereStartTimesAreTold = isLinux ? describe : describe.skip;
if (!isLinux) process.stderr.write('SKIPPED, only Linux says when a process was started: owners by start time (C6)\n');

async function lockFile(): Promise<string> {
  return join(await temporaryFolder(), 'token.json.lock');
}

/** Somebody of this machine who has ended. */
async function deadOwner(): Promise<LockOwner> {
  const { machine, startedAt } = await newOwner();
  const ended = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
  const owner = ownerOf([machine, ended, startedAt, randomBytes(6).toString('hex')].join('-'));
  if (owner === undefined) throw new Error('no owner');
  return owner;
}

it('a dead owner is replaced at once, although its lease would last (C6)', async () => {
  const path = await lockFile();
  await writeFile(path, ownerAsText(await deadOwner()));
  const clock = new ManualClock(Date.now());
  await expect(
    underFileLock({ path, leaseMs, lapses: false, platform: platformAt(clock) }, async () => 'carried on'),
  ).resolves.toBe('carried on');
  expect(clock.now()).toBeLessThan(Date.now() + 1);
  await expect(readdir(dirname(path))).resolves.toEqual([]);
});

it('one who died in the middle of replacing a dead owner is replaced as well (C6)', async () => {
  const path = await lockFile();
  const [first, second] = [await deadOwner(), await deadOwner()];
  await writeFile(path, ownerAsText(first));
  await writeFile(`${path}.${first.id}`, ownerAsText(second));
  await writeFile(`${path}.${second.id}.claim`, ownerAsText(second));
  await writeFile(`${path}.${second.id}.new`, 'half a tok');
  const store = { path, leaseMs, lapses: false, platform: thisPlatform };
  await expect(underFileLock(store, async () => 'carried on')).resolves.toBe('carried on');
  await expect(readdir(dirname(path))).resolves.toEqual([]);
});

it('what lies beside a lock and is not ours is left alone when leftovers are removed (C6)', async () => {
  const path = await lockFile();
  await writeFile(path, ownerAsText(await deadOwner()));
  const others = ['token.json.lock.backup', 'token.json.lock.of.mine.new', 'notes'];
  await Promise.all(others.map((name) => writeFile(join(dirname(path), name), 'mine')));
  await underFileLock({ path, leaseMs, lapses: false, platform: thisPlatform }, () => Promise.resolve());
  expect((await readdir(dirname(path))).toSorted()).toEqual(others.toSorted());
});

it('twenty that find one dead owner work one after the other (C6)', async () => {
  const path = await lockFile();
  for (let race = 0; race < 10; race += 1) {
    await writeFile(path, ownerAsText(await deadOwner()));
    let [inside, most] = [0, 0];
    const work = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    const options = { path, leaseMs, lapses: false, platform: thisPlatform };
    await Promise.all(Array.from({ length: 20 }, () => underFileLock(options, work)));
    expect(most).toBe(1);
  }
});

it('who saw a dead owner, but comes after another has replaced it, does not replace the living (C6)', async () => {
  const path = await lockFile();
  const dead = await deadOwner();
  await writeFile(path, ownerAsText(dead));
  const [comesLate, mayEnd, begun] = [gate(), gate(), gate()];
  let isLate = false;
  const clock = new ManualClock();
  const { fs } = platformWith({
    link: async (from, to) => {
      if (to === `${path}.${dead.id}`) {
        isLate = true;
        await comesLate.opened;
      }
      return thisPlatform.fs.link(from, to);
    },
  });
  const order: string[] = [];
  const options = { path, leaseMs, lapses: false };
  const second = underFileLock({ ...options, platform: { ...platformAt(clock), fs } }, async () =>
    order.push('second'),
  );
  await until(() => isLate, 'the one who comes late');
  const first = underFileLock({ ...options, platform: thisPlatform }, async () => {
    begun.open();
    await mayEnd.opened;
    order.push('first');
  });
  await begun.opened;
  comesLate.open();
  await Promise.race([second, clock.sleeping(1)]); // it has given up its turn, and waits
  mayEnd.open();
  await first;
  clock.set(clock.now() + 25);
  await second;
  expect(order).toEqual(['first', 'second']);
});

it.each([
  [leaseMs, false],
  [leaseMs + 1, true],
])('a holder that has was paused for %i ms of a lease of 10 000 is replaced: %s (C6)', async (stoodMs, isReplaced) => {
  const file = join(await temporaryFolder(), 'token.json');
  const startedAt = 1_800_000_000_000;
  const [still, going] = [new ManualClock(startedAt), new ManualClock(startedAt)];
  const [begun, mayEnd] = [gate(), gate()];
  const first = fileTokenStoreOn(platformAt(still), file, { leaseMs }).exclusive?.(async () => {
    begun.open();
    await mayEnd.opened;
  });
  await begun.opened;
  going.set(startedAt + stoodMs);
  let hasBegun = false;
  const second = fileTokenStoreOn(platformAt(going), file, { leaseMs }).exclusive?.(async () => {
    hasBegun = true;
  });
  await Promise.race([going.sleeping(1), second]);
  expect(hasBegun).toBe(isReplaced);
  mayEnd.open();
  await first;
  await until(() => hasBegun || (going.set(going.now() + 25), false), 'the second');
  await second;
});

it('a holder that works on renews its lease, and keeps it (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  const clock = new ManualClock(1_800_000_000_000);
  const mayEnd = gate();
  const store = fileTokenStoreOn(platformAt(clock), file, { leaseMs });
  const held = store.exclusive?.(() => mayEnd.opened);
  for (let third = 0; third < 9; third += 1) {
    await clock.sleeping(1);
    clock.set(clock.now() + leaseMs / 3 + 1);
  }
  await clock.sleeping(1);
  const { mtimeMs } = await thisPlatform.fs.lstat(`${file}.lock`);
  expect(clock.now() - mtimeMs).toBeLessThan(leaseMs);
  mayEnd.open();
  await held;
});

it('an owner on another machine, of whom nothing is known, keeps its lease (C6)', async () => {
  const owner = ownerOf('ffffffff-1-1-0123456789ab');
  await expect(fateOf(owner ?? (await newOwner()))).resolves.toBe('unknown');
  const path = await lockFile();
  await writeFile(path, owner === undefined ? '' : ownerAsText(owner));
  const clock = new ManualClock(Date.now());
  const waiting = underFileLock({ path, leaseMs, lapses: false, platform: platformAt(clock) }, async () => 'after');
  await clock.sleeping(1);
  clock.set(Date.now() + leaseMs + 1);
  await expect(waiting).resolves.toBe('after');
});

it('a lock file that a power cut left empty is replaced after the lease (C6)', async () => {
  const path = await lockFile();
  await writeFile(path, '');
  await utimes(path, new Date(0), new Date(0));
  const options = { path, leaseMs, lapses: false, platform: thisPlatform };
  await expect(underFileLock(options, async () => readFile(path, 'utf8'))).resolves.toContain(`${process.pid}`);
});

it('a lock is given back to the next, in the same process as well (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  const store = fileTokenStore(file);
  for (let round = 0; round < 5; round += 1) await store.exclusive?.(() => store.save({ accessToken: `${round}` }));
  await expect(readdir(dirname(file))).resolves.toEqual(['token.json']);
});

whereStartTimesAreTold('where start times are told', () => {
  it('who writes is not replaced while it runs, however long it is paused; a clock that is set is no waiting (C6)', async () => {
    const path = await lockFile();
    await writeFile(path, ownerAsText(await newOwner()));
    await utimes(path, new Date(0), new Date(0));
    const clock = new ManualClock(Date.now());
    const outcome = underFileLock(
      { path, leaseMs, lapses: false, platform: platformAt(clock) },
      async () => 'both',
    ).then(
      () => 'worked',
      (error: unknown) => error,
    );
    clock.set(clock.now() + 3_600_000);
    let pauses = 0;
    const pause = (): Promise<boolean> => Promise.race([clock.sleeping(1).then(() => true), outcome.then(() => false)]);
    for (; await pause(); pauses += 1) clock.set(clock.now() + 250);
    await expect(outcome).resolves.toMatchObject({ code: 'lease_unavailable', transient: true });
    expect(pauses * 250).toBeGreaterThan(30_000);
  });

  it('a pid that was given out again is not its former owner, and a zombie is dead (C6)', async () => {
    const own = await newOwner();
    await expect(fateOf(own)).resolves.toBe('alive');
    await expect(fateOf({ ...own, startedAt: '1' })).resolves.toBe('dead');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    const killed = once(child, 'exit');
    child.kill('SIGKILL');
    await killed;
    await expect(fateOf({ ...own, pid: child.pid ?? 0 })).resolves.toBe('dead');
  });
});
