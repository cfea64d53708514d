// The three engines that users have, each as its Debian package brings it. Nothing drives them: a browser is told which page
// to open, and the page itself says what happened in it. All of them ask for nothing beyond this machine.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumArguments, chromiumPath } from './chromium.js';
import { killed } from './programs.js';
import type { ChildProcess } from 'node:child_process';

export type BrowserName = 'Chromium' | 'Firefox' | 'WebKit';
export const browserNames: readonly BrowserName[] = ['Chromium', 'Firefox', 'WebKit'];

export interface BrowserProcess {
  /** Rejects with what the browser wrote to its error output, when it ends by itself. */
  readonly ended: Promise<never>;
  close(): Promise<void>;
}

type Command = (profile: string, urls: readonly string[]) => readonly [program: string, ...args: string[]];

const commands: Readonly<Record<BrowserName, Command>> = {
  Chromium: (profile, urls) => [
    chromiumPath(),
    '--headless=new',
    ...chromiumArguments,
    `--user-data-dir=${profile}`,
    ...urls,
  ],
  Firefox: (profile, urls) => ['/usr/bin/firefox-esr', '--headless', '--no-remote', '--profile', profile, ...urls],
  WebKit: (_profile, urls) => ['xvfb-run', '--auto-servernum', miniBrowser(), ...urls],
};

/** Firefox asks for updates, add-ons and captive portals unless it is told not to. */
const FIREFOX_SETTINGS = [
  'app.update.enabled',
  'app.normandy.enabled',
  'datareporting.policy.dataSubmissionEnabled',
  'extensions.update.enabled',
  'network.captive-portal-service.enabled',
  'network.connectivity-service.enabled',
]
  .map((name) => `user_pref("${name}", false);\n`)
  .join('');

/** Opens each URL in a tab of a browser without a past. */
export async function startBrowser(name: BrowserName, ...urls: readonly string[]): Promise<BrowserProcess> {
  const profile = await mkdtemp(join(tmpdir(), 'axios-authorizer-browser-'));
  await writeFile(join(profile, 'user.js'), FIREFOX_SETTINGS);
  const [program, ...args] = commands[name](profile, urls);
  // WebKit's own sandbox wants rights that a container does not give
  const env = { ...process.env, HOME: profile, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' };
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const close = async (): Promise<void> => {
    await killed(child, { group: true }); // a browser is many
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  const ended = endOf(child, name);
  ended.catch(() => undefined);
  return { ended, close };
}

async function endOf(child: ChildProcess, name: BrowserName): Promise<never> {
  let written = '';
  child.stderr?.on('data', (data: Buffer) => (written += data.toString()));
  await once(child, 'exit');
  throw new Error(`${name} ended: ${written}`);
}

/** WebKitGTK's own little browser lies under the architecture's library folder. */
function miniBrowser(): string {
  const paths = readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, 'webkit2gtk-4.1/MiniBrowser'));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error('There is no MiniBrowser: apt-get install webkit2gtk-driver xvfb');
  return found;
}
