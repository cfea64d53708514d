// Opens a page of its own in Debian's Chromium, with core's build bundled into it and served from this machine.
import { launchChromium, startLoopback } from '@axios-authorizer/test-kit';
import { build } from 'esbuild';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

export interface OpenPage {
  readonly page: Page;
  close(): Promise<void>;
}

export async function openPage(): Promise<OpenPage> {
  const script = await bundled();
  const site = await startLoopback(({ url }, response) => {
    const isScript = url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>');
  });
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(site.origin);
  return { page, close: async () => void (await Promise.all([browser.close(), site.stop()])) };
}

async function bundled(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'page.mjs')],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
