// A page with core's build bundled into it, served from this machine, that asks for work and says what became of it.
import { startBrowser, startLoopback } from '@axios-authorizer/test-kit';
import type { BrowserName } from '@axios-authorizer/test-kit';
import { build } from 'esbuild';
import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

export interface OpenPage {
  /** Hands `task` to the page. @returns what the page made of it */
  run(task: object): Promise<unknown>;
  close(): Promise<void>;
}

/** @param script what the page runs: a file beside this one */
export async function openPage(name: BrowserName, script = 'page.mjs'): Promise<OpenPage> {
  const desk = new Desk(await bundled(script));
  const site = await startLoopback(({ url, body }, response) => desk.serve(url, body.toString(), response));
  const browser = await startBrowser(name, site.origin);
  return {
    run: (task) => Promise.race([desk.run(task), browser.ended]),
    close: async () => void (await Promise.all([browser.close(), site.stop()])),
  };
}

/** Where the page comes from, fetches its tasks and hands in what came out. */
export class Desk {
  readonly #script: Uint8Array;
  readonly #tasks: string[] = [];
  readonly #waiting: ServerResponse[] = [];
  readonly #outcomes: EventEmitter = new EventEmitter();

  constructor(script: Uint8Array) {
    this.#script = script;
  }

  async run(task: object): Promise<unknown> {
    const outcome = once(this.#outcomes, 'outcome');
    this.#tasks.push(JSON.stringify(task));
    this.#handOut();
    const [text] = (await outcome) as [string];
    return JSON.parse(text);
  }

  serve(url: string, body: string, response: ServerResponse): void {
    if (url === '/task') {
      this.#waiting.push(response);
      this.#handOut();
      return;
    }
    if (url === '/outcome') this.#outcomes.emit('outcome', body);
    const isScript = url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? this.#script : '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>',
    );
  }

  /** A page that asks too early waits for its answer. */
  #handOut(): void {
    while (this.#tasks.length > 0 && this.#waiting.length > 0) this.#waiting.shift()?.end(this.#tasks.shift());
  }
}

/** A script beside this file, as a page loads it. */
export async function bundled(script: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, script)],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
