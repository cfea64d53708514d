// Every status a client has to tell apart, for the asking: /status/NNN. The envelope is the application's own; what
// Apache says for an application that is away is a page.

import { ItkdbFault } from '../fault.js';
import type { Answer } from '@axios-authorizer/testing/extend';
import type { ItkdbAsk } from '../ask.js';

const keys: Readonly<Record<number, string>> = {
  401: 'uu-oidc/invalidToken',
  403: 'uu-app-workspace/authorization/userIsNotAuthorized',
  500: 'uu-app-server/internalServerError',
};

/** @param target where a redirect leads that has no query parameter `to` of its own */
export function statusAnswer({ rest, app, dtoIn }: ItkdbAsk, target: string): Answer {
  const status = Number(rest);
  if (!/^[2-5]\d\d$/.test(rest)) {
    throw new ItkdbFault(404, `${app}/useCaseDoesNotExist`, { message: 'Use case does not exist.' });
  }
  if (status >= 300 && status < 400 && status !== 304) {
    const { to = target } = dtoIn;
    return { status, headers: { location: String(to) }, text: '' };
  }
  if (status < 400) {
    return status === 204 || status === 304 ? { status } : { status, json: { status } };
  }
  if (status > 500) {
    return { status, headers: { 'content-type': 'text/html' }, text: `<html><h1>${status}</h1></html>` };
  }
  throw new ItkdbFault(status, keys[status] ?? `${app}/refused`, { message: `The answer is ${status}.` });
}
