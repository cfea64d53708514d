// Raw requests and streams as Node has them: they hold the headers that were sent, and whatever prints an object looks into them.
import { hide, isObject } from '../../internal/records.js';
import type { NodeStream } from '../../internal/streams.js';

/** What console.log, on Deno as well, and JSON.stringify ask an object for; Deno asks its own Request by the private name. */
const PRINTERS = [Symbol.for('nodejs.util.inspect.custom'), Symbol.for('Deno.privateCustomInspect'), 'toJSON'];

/** A raw request, or a stream of its response or into it, prints as a word. */
export function conceal(raw: object): void {
  const followed: unknown = Reflect.get(raw, '_redirectable'); // of follow-redirects; errors of a stream that come later name it
  for (const part of [raw, followed])
    if (isObject(part) && Object.isExtensible(part)) for (const key of PRINTERS) hide(part, key, placeholder);
}

function placeholder(): string {
  return '[raw request or stream]';
}

/** Conceals a stream; what it throws later goes through `clean` before anybody hears it (`events.errorMonitor`). */
export function watch(stream: NodeStream, clean: (error: unknown) => void): void {
  conceal(stream);
  stream.on?.(Symbol.for('events.errorMonitor'), clean);
}
