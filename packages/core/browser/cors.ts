// The kit's servers know nothing of browsers. This stands before one of them and answers for it with what CORS asks for
// (Fetch standard, section 3.2), so that a page of another origin may call it, headers and all.
import { startLoopback } from '@axios-authorizer/test-kit';
import type { LoopbackServer } from '@axios-authorizer/test-kit';

const ALLOW_ALL = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': 'Authorization, X-Api-Key, Content-Type, Accept',
  'access-control-expose-headers': '*',
};
type Target = Parameters<typeof startLoopback>[0];

export function startCorsProxy(target: string): Promise<LoopbackServer> {
  const forward: Target = async ({ method, url, headers, body }, response) => {
    if (method === 'OPTIONS') {
      response.writeHead(204, ALLOW_ALL).end();
      return;
    }
    const sent = pick(headers, ['authorization', 'x-api-key', 'content-type', 'accept']);
    const payload = body.length > 0 ? { body: new Uint8Array(body) } : {};
    const answer = await fetch(`${target}${url}`, { method, headers: sent, redirect: 'manual', ...payload });
    const kept = pick(Object.fromEntries(answer.headers), ['location', 'content-type', 'www-authenticate']);
    response.writeHead(answer.status, { ...kept, ...ALLOW_ALL }).end(Buffer.from(await answer.arrayBuffer()));
  };
  return startLoopback(forward);
}

function pick(headers: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
