// Serves the page, and behind the same address its login, an authorization server and an API, all on this machine.
import { startApi, startTokenEndpoint } from '@axios-authorizer/testing';
import { startLoopback } from '@axios-authorizer/testing/extend';
import { build } from 'esbuild';
import { join } from 'node:path';

const HTML = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Shop</title>
  <link rel="icon" href="data:," />
  <body></body>
  <script type="module" src="/app.js"></script>
</html>`;

export async function startServers() {
  const endpoint = await startTokenEndpoint({ clientId: 'shop', clientSecret: null, rotateRefreshTokens: true });
  const api = await startApi({ accepts: endpoint, routes: { 'GET /orders': { json: ['a chair', 'a table'] } } });
  const script = await bundle();
  const site = await startLoopback(async (request, response) => {
    const { status = 200, headers, body } = await answerTo(request, { endpoint, api, script });
    response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
  });
  return {
    url: `${site.origin}/`,
    endpoint,
    api,
    close: () => Promise.all([site.stop(), endpoint.close(), api.close()]),
  };
}

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'app.tsx')],
    bundle: true,
    minify: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  });
  return outputFiles[0].contents;
}

async function answerTo(request, { endpoint, api, script }) {
  const { url, body } = request;
  if (url === '/') return { headers: { 'content-type': 'text/html' }, body: HTML };
  if (url === '/app.js') return { headers: { 'content-type': 'text/javascript' }, body: script };
  if (url === '/login') return passOn(endpoint.url, { ...request, ...loginOf(JSON.parse(body)) });
  if (url === '/token') return passOn(endpoint.url, request);
  if (url === '/revoke') return passOn(endpoint.revocationUrl, request);
  if (url.startsWith('/api/')) return passOn(api.url + url.slice('/api'.length), request);
  return { status: 404 };
}

/** The page's login: whoever has a password is let in. */
function loginOf({ username, password }) {
  const form = { grant_type: 'password', client_id: 'shop', username, password };
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `${new URLSearchParams(form)}` };
}

async function passOn(url, { method, headers, body }) {
  const { authorization = '', 'content-type': type = '' } = headers;
  const sent = { method, headers: { authorization, 'content-type': type } };
  const answer = await fetch(url, method === 'GET' ? sent : { ...sent, body });
  const kept = ['content-type', 'retry-after'].filter((name) => answer.headers.has(name));
  return {
    status: answer.status,
    headers: Object.fromEntries(kept.map((name) => [name, answer.headers.get(name)])),
    body: await answer.text(),
  };
}
