// The same refusal in the words of the servers that clients meet: bulk-data-server 2.1 and smart-launcher-v2.

import { Refusal } from './refusal.js';

export type SmartWords = 'bulk-data-server' | 'smart-launcher';

export function unknownClient(words: SmartWords | undefined, clientId: string): Refusal {
  if (words === 'smart-launcher') {
    return new Refusal('invalid_client', "Invalid 'client_id' (as sub claim of the assertion JWT)");
  }
  return words === undefined
    ? new Refusal('invalid_client', `Unknown client: ${clientId}`)
    : new Refusal('invalid_request', `Invalid client details token: ${whyNoToken(clientId)}`);
}

/** bulk-data-server keeps no clients: an id is a JWT that holds the registration. */
function whyNoToken(clientId: string): string {
  return clientId.split('.').length === 3
    ? 'Invalid token structure. Cannot parse the token header.'
    : 'Invalid token structure. Must contain 3 parts.';
}

/** @param reason what was thrown, or the status that the URL answered */
export function unreadableKeySet(words: SmartWords | undefined, url: string, reason: unknown): Refusal {
  if (words === 'smart-launcher') {
    const said = typeof reason === 'number' ? `${reason} Not OK` : messageOf(reason);
    return new Refusal('invalid_client', `Failed to fetch JWKS from ${url}. ${said}`);
  }
  if (words === 'bulk-data-server') {
    const said =
      typeof reason === 'number' ? `Error: Requesting "${url}" returned ${reason} status code` : String(reason);
    return new Refusal('invalid_client', `Requesting the remote JWKS returned an error.\n${said}`, 400);
  }
  const how = typeof reason === 'number' ? `answers ${reason}` : 'cannot be read';
  return new Refusal('invalid_client', `The JWK Set at ${url} ${how}`);
}

/** Told by its text: it may be an Error of another realm. */
function messageOf(reason: unknown): string {
  return String(reason).replace(/^\w*Error: /, '');
}
