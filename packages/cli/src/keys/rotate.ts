// `keys rotate`: a new key takes the place of the old one without an outage. Publish the new one, wait until every server has
// read it, let it sign, and remove the old one when nothing that it signed is good any more. Where a rotation stands is derived
// from the files, so it can be stopped at any moment and gone on with.
import { rename, rm } from 'node:fs/promises';
import { generateKeyPair, SupportedAlg } from '@axios-authorizer/smart-backend';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { durationOf, inWords } from '../tokens/durations.js';
import { passphraseOf } from './generate.js';
import { keyPath, readKeyFolder, retiredName } from './key-folder.js';
import type { KeyFolder, KeyInFile, RetiredKey } from './key-folder.js';

export interface RotateOptions {
  /** How long a new key is published before it signs. */
  readonly publishFor: string;
  /** How long an old key stays published after it signed last. */
  readonly retireAfter: string;
  readonly alg?: 'ES384' | 'RS384';
  readonly passphraseFrom?: string;
  /** Begins no rotation. */
  readonly continue?: boolean;
  /** Says where it stands and does nothing. */
  readonly dryRun?: boolean;
  /** Stays until it is done. */
  readonly wait?: boolean;
}

/** Where a rotation stands. */
type Stage =
  | { readonly at: 'idle'; readonly signing: KeyInFile }
  | { readonly at: 'published'; readonly old: KeyInFile; readonly next: KeyInFile; readonly switchAt: Date }
  | { readonly at: 'switched'; readonly old: RetiredKey; readonly signing: KeyInFile; readonly retireAt: Date };

interface Rotation {
  readonly path: string;
  readonly passphrase: string | undefined;
  readonly alg: SupportedAlg | undefined;
  readonly publishMs: number;
  readonly retireMs: number;
  readonly terminal: Terminal;
}

/** Does what is due, and says what comes next. */
export async function rotateKeys(folder: string, options: RotateOptions, terminal: Terminal): Promise<void> {
  const rotation = await rotationOf(folder, options, terminal);
  let stage = await stageOf(rotation);
  if (options.dryRun) return say(terminal, described(stage, terminal));
  if (stage.at === 'idle' && options.continue)
    return say(terminal, `no rotation is under way; ${described(stage, terminal)}`);
  if (stage.at === 'idle') stage = await publish(stage, rotation);
  while (stage.at !== 'idle') {
    await say(terminal, described(stage, terminal));
    const leftMs = dueAt(stage).getTime() - terminal.clock.now();
    if (leftMs > 0 && !options.wait)
      return say(terminal, 'run it again then, or with --wait; nothing is lost by stopping');
    if (leftMs > 0) await terminal.clock.sleep(leftMs, terminal.interrupted);
    stage = stage.at === 'published' ? await letSign(stage, rotation) : await remove(stage, rotation);
  }
  return say(terminal, `done: ${described(stage, terminal)}`);
}

async function rotationOf(folder: string, options: RotateOptions, terminal: Terminal): Promise<Rotation> {
  return {
    path: keyPath(folder, terminal),
    passphrase: await passphraseOf(options.passphraseFrom, terminal),
    alg: options.alg && SupportedAlg[options.alg],
    publishMs: durationOf(options.publishFor, '--publish-for'),
    retireMs: durationOf(options.retireAfter, '--retire-after'),
    terminal,
  };
}

/** @throws UsageError for a folder that is no rotation's doing */
async function stageOf({ path, passphrase, alg, publishMs, retireMs }: Rotation): Promise<Stage> {
  const { signing, retired } = ofOneAlg(await readKeyFolder(path, passphrase), alg);
  const [old, next, third] = signing;
  if (old === undefined) throw new UsageError(`There is no private key in ${path}`, 'axios-authorizer keys generate');
  if (third !== undefined)
    throw new UsageError(`${path} holds ${signing.length} keys for ${old.key.alg}; a rotation has two at most`);
  if (next !== undefined) return { at: 'published', old, next, switchAt: later(next.createdAt, publishMs) };
  const [left] = retired;
  return left
    ? { at: 'switched', old: left, signing: old, retireAt: later(left.retiredAt, retireMs) }
    : { at: 'idle', signing: old };
}

/** Keys for different algorithms rotate apart. */
function ofOneAlg({ folder, signing, retired }: KeyFolder, wanted: SupportedAlg | undefined): KeyFolder {
  const all = new Set(signing.map(({ key }) => key.alg));
  if (wanted === undefined && all.size > 1)
    throw new UsageError(`${folder} holds keys for ${[...all].join(' and ')}`, 'Say with --alg which of them rotates.');
  const fits = ({ key }: { readonly key: { readonly alg: SupportedAlg } }): boolean =>
    key.alg === (wanted ?? [...all][0]);
  return { folder, signing: signing.filter(fits), retired: retired.filter(fits) };
}

/** The new key is in the key set, the old one signs: `loadKeys` takes the oldest. */
async function publish({ signing }: Stage & { readonly at: 'idle' }, rotation: Rotation): Promise<Stage> {
  const { path, passphrase, terminal } = rotation;
  const format = signing.path.endsWith('.pem') ? 'pem' : 'jwk';
  const sealed = passphrase === undefined ? {} : { passphrase, format: 'pem' as const };
  const { kid } = await generateKeyPair(signing.key.alg, { keyDirectory: path, format, ...sealed });
  await say(terminal, `publish: made ${kid}; the key set of this folder has it now (keys jwks, keys serve)`);
  return stageOf(rotation);
}

/** From now on the new key signs, since the old one is no longer among those that are loaded. */
async function letSign({ old, next }: Stage & { readonly at: 'published' }, rotation: Rotation): Promise<Stage> {
  const { terminal } = rotation;
  await rename(old.path, retiredName(old.path, new Date(terminal.clock.now())));
  await say(terminal, `switch: ${next.key.kid} signs; restart or reload what loads its keys once`);
  return stageOf(rotation);
}

/** Nothing that the old key signed is good any more. */
async function remove({ old }: Stage & { readonly at: 'switched' }, rotation: Rotation): Promise<Stage> {
  await rm(old.path, { force: true });
  await say(rotation.terminal, `retire: removed ${old.key.kid}`);
  return stageOf(rotation);
}

function dueAt(stage: Exclude<Stage, { readonly at: 'idle' }>): Date {
  return stage.at === 'published' ? stage.switchAt : stage.retireAt;
}

function described(stage: Stage, { clock }: Terminal): string {
  if (stage.at === 'idle') return `${stage.signing.key.kid} signs, since ${stage.signing.createdAt.toISOString()}`;
  const due = dueAt(stage);
  const leftMs = due.getTime() - clock.now();
  const when = leftMs > 0 ? `in ${inWords(leftMs)} (${due.toISOString()})` : 'now';
  return stage.at === 'published'
    ? `wait: ${stage.old.key.kid} signs, ${stage.next.key.kid} is published; it may sign ${when}`
    : `retire: ${stage.signing.key.kid} signs; ${stage.old.key.kid} may be removed ${when}`;
}

function later(date: Date, ms: number): Date {
  return new Date(date.getTime() + ms);
}

function say({ stderr }: Terminal, text: string): Promise<void> {
  return stderr.write(`axios-authorizer: ${text}\n`);
}
