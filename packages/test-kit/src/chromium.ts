// What only a browser can show is shown in a real one: Debian's Chromium, which asks for nothing beyond this machine.
import type { Browser } from 'playwright-core';

const QUIET = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
const CONTAINED = ['--no-sandbox', '--disable-gpu', '--disable-sync'];

/** A headless Chromium: the one that the variable CHROMIUM names, else /usr/bin/chromium. */
export async function launchChromium(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...QUIET, ...CONTAINED] });
}
