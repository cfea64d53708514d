// What can be said on the command line.
import { parseArgs } from 'node:util';

export const help = `Serves a page that signs in to a Cognito user pool by SRP. The pool and the API run on this machine.

Usage: npm start -- [options]

  --port N       where the page is served; default: a free port
  --seconds N    how long a token lives, 2 to 3600; default 20
  --help         this text`;

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '0' },
      seconds: { type: 'string', default: '20' },
      help: { type: 'boolean', default: false },
    },
  });
  const [port, seconds] = [Number(values.port), Number(values.seconds)];
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536))
    throw new Error('--port must be a number from 0 to 65535');
  if (!(seconds >= 2 && seconds <= 3600)) throw new Error('--seconds must be a number from 2 to 3600');
  return { port, seconds, help: values.help };
}
