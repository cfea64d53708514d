// The rules by which redirects are followed by hand, by axios requests and by fetch alike (Fetch standard, section 4.4).

/** So many hops are followed. */
export const MOST_REDIRECTS = 20;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What fetch itself would take off when the origin changes. */
export const PRIVATE_HEADERS: readonly string[] = ['authorization', 'cookie', 'proxy-authorization', 'host'];

/** What goes with the body. */
export const BODY_HEADERS: readonly string[] = [
  'content-type',
  'content-length',
  'content-encoding',
  'content-language',
  'content-location',
];

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/** Whether the request goes on as a GET without a body. */
export function becomesGet(status: number, method = 'get'): boolean {
  const verb = method.toUpperCase();
  return (
    (status === 303 && verb !== 'GET' && verb !== 'HEAD') || ((status === 301 || status === 302) && verb === 'POST')
  );
}

/** Of an answer that a browser does not let us look into. @param from where it came from, in words */
export function hiddenTarget(from: string): string {
  return `${from} redirects, and a browser does not tell where to: the credentials stay here. Call the final URL`;
}
