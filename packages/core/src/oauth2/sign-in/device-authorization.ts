// Asks for the code of a sign-in on another device (RFC 8628 sections 3.1 and 3.2), and believes of the answer only what can be shown
// to a person without harm: what stands there is opened in a browser.
import { endpointError, malformed } from '../endpoint-error.js';
import { setParameters } from '../form-parameters.js';
import type { FormParameters } from '../form-parameters.js';
import { postForm } from '../http.js';
import type { EndpointAnswer, FormPost } from '../http.js';
import { printable } from '../../internal/printable.js';
import { asString, parseObject } from '../../internal/records.js';
import { isSecureUrl, parseUrl } from '../../request/allow-list.js';
import { expiresInSeconds } from '../token-endpoint.js';

/** What the server gave for one sign-in. */
export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string | undefined;
  readonly expiresAt: Date;
  readonly lifetimeMs: number;
  readonly intervalMs: number;
}

interface DeviceQuestion extends Omit<FormPost, 'body'> {
  readonly scope: string | undefined;
  readonly parameters?: FormParameters | undefined;
}

/** Where the server does not say how often it may be asked (section 3.2). */
const INTERVAL_S = 5;
const SHORTEST_INTERVAL_MS = 1_000;
/** `expires_in` is required; where it is missing, or nonsense. */
const LIFETIME_S = 600;
const LONGEST_USER_CODE = 100;

/** @throws as `requestToken` does, of an answer that must not be shown `invalid_response` */
export async function askForDeviceCode({ scope, parameters, ...post }: DeviceQuestion): Promise<DeviceAuthorization> {
  const body = new URLSearchParams(scope ? { scope } : {});
  if (parameters) setParameters(body, parameters);
  const answer = await postForm({ ...post, body });
  const members = parseObject(answer.text);
  if (answer.status !== 200 || asString(members?.['error'])) throw endpointError(answer, members);
  return deviceAuthorizationOf(members ?? {}, answer, post.allowInsecure);
}

function deviceAuthorizationOf(
  members: Readonly<Record<string, unknown>>,
  answer: EndpointAnswer,
  allowInsecure: boolean | undefined,
): DeviceAuthorization {
  const { device_code: deviceCode, user_code: userCode, verification_uri_complete: complete } = members;
  const uri = members['verification_uri'] ?? members['verification_url']; // as Google writes it
  if (typeof deviceCode !== 'string' || deviceCode === '') throw malformed(answer, 'holds no device_code');
  if (typeof userCode !== 'string' || userCode === '' || userCode !== printable(userCode).slice(0, LONGEST_USER_CODE))
    throw malformed(answer, 'holds no user_code that can be shown');
  if (!isShowable(uri, allowInsecure)) throw malformed(answer, 'holds no verification_uri by https');
  if (complete !== undefined && complete !== null && !isShowable(complete, allowInsecure))
    throw malformed(answer, 'holds a verification_uri_complete that is not by https');
  const lifetimeMs = (expiresInSeconds(members['expires_in']) || LIFETIME_S) * 1000;
  const intervalMs = Math.max((expiresInSeconds(members['interval']) ?? INTERVAL_S) * 1000, SHORTEST_INTERVAL_MS);
  const expiresAt = new Date(answer.sentAt + lifetimeMs);
  return {
    deviceCode,
    userCode,
    verificationUri: uri,
    verificationUriComplete: asString(complete),
    expiresAt,
    lifetimeMs,
    intervalMs,
  };
}

/** Whether a browser may be sent there: as it is written, by https or on this machine, and with nobody's name before the host. */
function isShowable(uri: unknown, allowInsecure: boolean | undefined): uri is string {
  const isPlain = typeof uri === 'string' && printable(uri) === uri && /^https?:\/\/\S+$/i.test(uri);
  const url = isPlain ? parseUrl(uri) : undefined;
  return url !== undefined && url.username === '' && url.password === '' && isSecureUrl(url, allowInsecure);
}
