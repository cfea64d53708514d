// Where the endpoints of a user pool's domain are.
import { ConfigurationError } from '@axios-authorizer/core';

/** The domain as a URL without a slash at its end; undefined for none. @throws ConfigurationError when it names no host */
export function domainUrl(domain: string | undefined): string | undefined {
  if (!domain) return undefined;
  const base = `${/^https?:\/\//i.test(domain) ? '' : 'https://'}${domain}`.replace(/\/+$/, '');
  if (!/^https?:\/\/[^/]/i.test(base)) throw new ConfigurationError('`domain` names no host; where is it read from?');
  return base;
}
