// Where a token goes is judged by the platform's URL class (WHATWG URL standard). React Native's own one has members that
// throw, or that search the text; confinement cannot be built on either.
import { ConfigurationError } from '../token/errors/errors.js';

/** What a homemade parser gets wrong: case, users, default ports, dots, encoded letters, backslashes. */
const TRICKY_URL = 'HTTPS://me:pass@API.Example:443/a/./b/../%7Ec\\d?e#f';
const ITS_PARTS = 'https: me api.example https://api.example /a/%7Ec/d ?e #f';

/** @throws ConfigurationError unless `URL` parses as the standard says */
export function assertPlatformUrl(): void {
  if (typeof URL !== 'function' || tried(() => partsOf(new URL(TRICKY_URL))) !== ITS_PARTS) throw withoutUrls();
}

/** @throws ConfigurationError when a member that is needed throws */
export function assertUrlParts(url: URL): void {
  if (tried(() => partsOf(url)) === undefined) throw withoutUrls();
}

function partsOf({ protocol, username, host, origin, pathname, search, hash }: URL): string {
  return [protocol, username, host, origin, pathname, search, hash].join(' ');
}

function tried(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function withoutUrls(): ConfigurationError {
  return new ConfigurationError(
    "This platform has no whole URL implementation to tell where a token would go. On React Native, import 'react-native-url-polyfill/auto' first of all",
  );
}
