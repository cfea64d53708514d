// What every handler asks of a request.
import type { Received } from './loopback.js';

/** Without the query. */
export function pathOf({ url }: Pick<Received, 'url'>): string {
  return url.split('?')[0] ?? '';
}

/** The parameters of the query, and those of a form that was posted after them. */
export function parametersOf({ url, body }: Pick<Received, 'url' | 'body'>): URLSearchParams {
  const [query, form] = [new URLSearchParams(url.split('?').slice(1).join('?')), new URLSearchParams(body.toString())];
  return new URLSearchParams([...query, ...form]);
}
