// What is different in a page (or a worker of one).

/**
 * The header that leaves a page its browser's own User-Agent: axios's fetch adapter sets one, which Firefox and Safari send
 * to another origin only with that server's leave (CORS).
 */
export function pageUserAgent(): { readonly 'User-Agent'?: false } {
  return globalThis.location?.href ? { 'User-Agent': false } : {};
}
