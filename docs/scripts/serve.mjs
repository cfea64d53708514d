// Serves what VitePress built, as the real host does: below the base, compressed, with pages that are called without ".html".
import { createReadStream, existsSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** @returns where the first page is, and what ends the server */
export async function serve(folder, base) {
  const server = createServer(({ url }, response) => answer(response, fileOf(folder, base, url)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { home: `http://127.0.0.1:${server.address().port}${base}`, close: () => server.close() };
}

function fileOf(folder, base, url) {
  const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  if (!path.startsWith(base)) return undefined;
  const named = join(folder, path.slice(base.length));
  return [named, `${named}.html`, join(named, 'index.html')].find(
    (file) => existsSync(file) && statSync(file).isFile(),
  );
}

function answer(response, file) {
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  const type = `${TYPES[extname(file)] ?? 'text/plain'}; charset=utf-8`;
  response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' });
  pipeline(createReadStream(file), createGzip(), response, () => undefined); // a page that was left does not matter
}
