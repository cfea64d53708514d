// A request outside the allow list goes out as the caller made it. Where its reader would have looked for a token, its 401 or
// 403 says why it had none (C9).
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { adapterOf, copyConfig, settleTarget } from './request-config.js';
import { changed, clean, cleanedError, shownConfig, withCause } from './response.js';
import { AuthenticationError } from '../token/errors/errors.js';
import { recordOf } from '../internal/records.js';
import { parseUrl } from '../request/allow-list.js';
import { withheld } from '../request/skipped.js';
import { skipReason } from './context/request-context.js';
import type { AuthAdapter, RequestContext } from './context/request-context.js';
import { limitTimeout, namingOwnTimeout } from './context/deadline.js';

/**
 * Sends the config itself. The sockets of its agent may be those of others that had a token.
 * @param sent what goes out in its place, made of it
 */
export function passUntouched(
  config: InternalAxiosRequestConfig,
  authAdapter: AuthAdapter,
  sent: InternalAxiosRequestConfig = config,
): Promise<AxiosResponse> {
  const { fixed, adapters } = authAdapter.route;
  const send = fixed ?? adapterOf(adapters, sent);
  return send(sent).then(
    (response) => changed(response, clean, shownConfig(config)),
    (error: unknown) => {
      throw cleanedError(isDenied(error) ? explained(error, config, authAdapter) : error, shownConfig(config));
    },
  );
}

/** The same after a wait, with what is left of the caller's timeout (C4). @throws AxiosError ETIMEDOUT when nothing is */
export async function passLate(context: RequestContext): Promise<AxiosResponse> {
  const { config, authAdapter } = context;
  if (!config.timeout) return passUntouched(config, authAdapter);
  const { copy } = copyConfig(config);
  try {
    limitTimeout(copy, context);
    return await passUntouched(config, authAdapter, copy);
  } catch (error) {
    throw namingOwnTimeout(error, config);
  }
}

function isDenied(error: unknown): boolean {
  const { status } = recordOf(recordOf(error)['response']);
  return status === 401 || status === 403;
}

function explained(error: unknown, config: InternalAxiosRequestConfig, { attachments }: AuthAdapter): unknown {
  const { copy } = copyConfig(config);
  const isClear = settleTarget(copy);
  const addresses = attachments.map((attachment) => attachment.addresses.find(copy, isClear));
  const url = addresses[0]?.url;
  if (url === undefined || addresses.some(({ isAllowed }) => isAllowed) || skipReason(copy)) return error;
  if (attachments.some(({ allowList }) => allowList.excepts(url))) return error;
  const base = copy.baseURL ? parseUrl(copy.baseURL) : undefined;
  if (url.host !== base?.host && !attachments.some(({ allowList }) => allowList.knows(url.host))) return error;
  return withCause(error, new AuthenticationError(withheld(url), { code: 'not_allowed', kind: 'configuration' }));
}
