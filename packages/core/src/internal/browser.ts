// What is different in a page (or a worker of one).

/** Whether this is a page: there fetch hides where a redirect leads (Fetch standard, section 4.4). */
export function isBrowser(): boolean {
  return typeof location !== 'undefined' && Boolean(location?.href); // by its name, which costs less than by globalThis
}

/**
 * The header that leaves a page its browser's own User-Agent: axios's fetch adapter sets one, which Firefox and Safari send
 * to another origin only with that server's leave (CORS).
 */
export function browserUserAgent(): { readonly 'User-Agent'?: false } {
  return isBrowser() ? { 'User-Agent': false } : {};
}
