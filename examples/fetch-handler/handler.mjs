// A handler of web Requests, as Bun, Deno, workers, Next.js and Remix call it: answers each person with their own orders.
import { Authorizer, clientSecretBasic, isAuthenticationError, refreshTokenSource } from '@axios-authorizer/core';
import { authorizedFetch } from '@axios-authorizer/core/fetch';

/**
 * `storeOf(sessionId)`: the token store of that session, which the sign-in has filled; undefined when there is no such session.
 * The source has no token in it, so that one serves all requests.
 */
export function createHandler({ apiUrl, tokenUrl, clientId, clientSecret, storeOf }) {
  const source = refreshTokenSource({ tokenUrl, clientAuth: clientSecretBasic({ clientId, clientSecret }) });
  return {
    async fetch(request) {
      const store = storeOf(sessionIdOf(request));
      if (!store) return Response.json({ error: 'Sign in first' }, { status: 401 });
      const authorizer = new Authorizer(source, { store }); // of this request: one of the module would serve everybody
      try {
        const apiFetch = authorizedFetch(authorizer, { allow: apiUrl });
        const answer = await apiFetch(`${apiUrl}/orders`, { signal: request.signal });
        return await answerWith(answer);
      } catch (error) {
        return answerError(error);
      } finally {
        authorizer.close();
      }
    },
  };
}

function sessionIdOf({ headers }) {
  return /(?:^|; )session=(?<id>[^;]+)/.exec(headers.get('Cookie') ?? '')?.groups.id;
}

/** A new Response: that of the API has headers (cookies, encodings, CORS) which are not meant for our caller. */
async function answerWith(answer) {
  if (answer.ok) return Response.json(await answer.json());
  return Response.json({ error: 'The orders cannot be had' }, { status: 502 });
}

function answerError(error) {
  if (!isAuthenticationError(error)) return Response.json({ error: 'The orders cannot be had' }, { status: 502 });
  if (error.kind === 'session') return Response.json({ error: 'Sign in again' }, { status: 401 });
  return Response.json({ error: 'Try again later' }, { status: 503 });
}
