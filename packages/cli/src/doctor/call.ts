// The last question: does the API take the token. One GET that changes nothing, and its 401 or 403 read.
import { asString, bearerChallenge, parseObject, recordOf, sendForm } from '@axios-authorizer/core/extend';
import type { Transport } from '@axios-authorizer/core';
import type { EndpointAnswer } from '@axios-authorizer/core/extend';
import { failure, ok, warning } from './check.js';
import type { CheckContext, Finding } from './check.js';

export interface Call {
  readonly url: string;
  /** Authorization, and X-Api-Key if there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly transport?: Transport | undefined;
  readonly allowInsecure?: boolean | undefined;
}

/** What an API answers to the token. */
export async function callFinding(call: Call, { signal, clock }: CheckContext): Promise<Finding> {
  const { url, headers, transport, allowInsecure } = call;
  const accept = { Accept: 'application/fhir+json, application/json, */*;q=0.1' };
  const answer = await sendForm({ url, headers: { ...accept, ...headers }, transport, allowInsecure, signal, clock });
  const found = `GET ${answer.endpoint} was answered with ${answer.status}`;
  const { status } = answer;
  if (status === 401) return unauthorized(answer, found);
  if (status === 403) return forbidden(answer, found);
  if (status >= 500 || status === 429)
    return failure('unavailable', `${found}${wordsIn(answer)}`, AWAY[status] ?? AWAY_ALL);
  if (status >= 300 && status < 400)
    return warning(
      found,
      `it redirects: call the final URL (${placeOf(answer)}), a token does not follow to where it is not allowed`,
    );
  if (status >= 400)
    return failure(
      'configuration',
      `${found}${wordsIn(answer)}`,
      'check the URL of the call (--call), it has to be one that a GET may read',
    );
  if (/^\s*<(?:!doctype|html)/i.test(answer.text))
    return warning(
      `${found}, and a page`,
      'a login page or a portal may stand before the API: open the URL in a browser',
    );
  return ok(found);
}

const AWAY: Readonly<Record<number, string>> = {
  429: 'the API asks for fewer requests: wait, then try again',
  503: 'the API is away or overloaded: the token is good as far as is known; try again later',
};
const AWAY_ALL = 'the API has a problem of its own: ask whoever runs it, with the time of this report';

/** RFC 6750 section 3.1: the challenge says why, if the server keeps to it. */
function unauthorized(answer: EndpointAnswer, found: string): Finding {
  const challenge = bearerChallenge(asString(answer.headers['www-authenticate']));
  const words = wordsIn(answer);
  if (/expired/i.test(words) && challenge !== undefined) return failure('configuration', `${found}${words}`, EXPIRED);
  if (challenge === undefined)
    return failure('configuration', `${found} without a Bearer challenge${words}`, NO_CHALLENGE);
  const error = challenge.parameters['error'];
  const description = challenge.parameters['error_description'];
  const said = [error, description].filter((part) => part !== undefined).join(': ');
  return failure('configuration', `${found}${said && ` (${said})`}${words}`, INVALID);
}

const EXPIRED =
  "a token of some seconds counts as expired or revoked there: the API's clock, or that of the authorization server, is wrong, or the API does not know this token; tell whoever runs them";
const NO_CHALLENGE =
  'this API does not say what it wants (RFC 6750 section 3): check that the URL is that of the API, that it takes Bearer tokens, and of which authorization server; a gateway before it may have dropped the header';
const INVALID =
  'the API does not take a token that was issued a moment ago: it trusts another authorization server, or wants another audience (`aud`); compare what the token is for with what the API expects';

function forbidden(answer: EndpointAnswer, found: string): Finding {
  const challenge = bearerChallenge(asString(answer.headers['www-authenticate']));
  const scope = challenge?.parameters['scope'];
  const advice =
    scope === undefined
      ? 'the token is good, but not for this: ask whoever runs the API for the right, or call something else (--call)'
      : `the token is good, but lacks the scope ${scope}: have it registered for the client, and ask for it in \`scope\``;
  return failure('credentials', `${found}${wordsIn(answer)}`, advice);
}

/** What a FHIR server (OperationOutcome) or a JSON API says in its body, short. */
function wordsIn({ text }: EndpointAnswer): string {
  const members = recordOf(parseObject(text));
  const [issue] = Array.isArray(members['issue']) ? (members['issue'] as readonly unknown[]) : [];
  const { code, diagnostics } = recordOf(issue);
  const words = [code, diagnostics, members['error'], members['message']].filter((part) => typeof part === 'string');
  return words.length === 0 ? '' : `: ${words.join(', ').slice(0, LONGEST_WORDS)}`;
}

const LONGEST_WORDS = 200;

/** Without a query, which may hold a secret. */
function placeOf({ headers, endpoint }: EndpointAnswer): string {
  const { location } = headers;
  if (typeof location !== 'string' || !URL.canParse(location, endpoint)) return 'it does not say which';
  const { origin, pathname } = new URL(location, endpoint);
  return `${origin}${pathname}`;
}
