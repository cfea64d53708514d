// What only a browser can show is shown in a real one: Debian's Chromium, which asks for nothing beyond this machine.
import type { Browser } from 'playwright-core';

/** It asks for nothing beyond this machine, and runs where a sandbox has no rights. */
export const chromiumArguments: readonly string[] = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-sandbox',
];

/** The one that the variable CHROMIUM names, else Debian's. */
export function chromiumPath(): string {
  return process.env['CHROMIUM'] ?? '/usr/bin/chromium';
}

/** A headless Chromium that is driven. */
export async function launchChromium(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  const ignoreDefaultArgs = ['--disable-back-forward-cache']; // users have it
  return chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments], ignoreDefaultArgs });
}
