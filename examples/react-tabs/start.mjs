// Serves the page until Ctrl-C.
import { startServers } from './servers.mjs';

const { url, close } = await startServers();
console.log(`Open ${url} in two tabs; any name and password sign in.`);
process.once('SIGINT', close);
