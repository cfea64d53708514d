// The example's site, served by its own program as a visitor's would be, and a Chromium that looks at it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { launchChromium } from '@axios-authorizer/test-kit';
import type { Page } from 'playwright-core';

const program = join(__dirname, '../../../examples/cognito-browser/serve.mjs');

export interface Site {
  readonly origin: string;
  /** A fresh visitor; `prepare` sees the page before it is loaded. */
  visit(prepare?: (page: Page) => Promise<unknown>): Promise<Page>;
  close(): Promise<void>;
}

/** @param seconds how long a token lives */
export async function openSite(seconds: number): Promise<Site> {
  const server = spawn(process.execPath, [program, '--seconds', `${seconds}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const origin = line.replace(/^Open |\/$/g, '');
  const browser = await launchChromium();
  return {
    origin,
    visit: async (prepare) => {
      const page = await browser.newPage();
      await prepare?.(page);
      await page.goto(origin);
      return page;
    },
    close: async () => {
      await browser.close();
      server.kill();
    },
  };
}
