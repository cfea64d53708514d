// What to do about a connection that does not come about, by the code that the system has for it.

export const BY_NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: check host and port of the URL, and whether the server runs',
  ECONNRESET:
    'the server, or a firewall on the way, cut the connection: ask whoever runs them; a TLS version that is too old may be why',
  EPIPE: 'the server, or a firewall on the way, cut the connection: ask whoever runs them',
  ETIMEDOUT: 'no connection came about: a firewall may drop it; is a proxy (HTTPS_PROXY) or a VPN needed here?',
  EHOSTUNREACH: 'there is no way to this address: is a VPN needed here?',
  ENETUNREACH: 'there is no way to this network: is this machine online, is a VPN needed here?',
  ENOTFOUND:
    'the name has no address: check its spelling; inside a company it may need a VPN, or be known to the proxy only (HTTPS_PROXY)',
  EAI_AGAIN: 'the name server did not answer: is this machine online?',
};

const DEEPEST_CAUSE = 6;

/** The code of an error that is in the table, in whatever depth it lies. */
export function networkCodeOf(error: unknown): string | undefined {
  let at = error;
  for (let depth = 0; depth <= DEEPEST_CAUSE && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string' && Object.hasOwn(BY_NETWORK, at.code)) return at.code;
    at = 'cause' in at ? at.cause : undefined;
  }
  return undefined;
}
