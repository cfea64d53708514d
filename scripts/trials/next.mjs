// Starts what Next.js built, and prints what its page shows.
import { spawn } from 'node:child_process';

const server = spawn('node_modules/.bin/next', ['start', 'next', '--port', '0', '--hostname', '127.0.0.1']);
server.stderr.pipe(process.stderr);
let said = '';
server.stdout.on('data', async (bytes) => {
  said += bytes;
  const [url] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said) ?? [];
  if (url === undefined || server.asked) return;
  server.asked = true;
  console.log(await (await fetch(url)).text());
  server.kill();
});
