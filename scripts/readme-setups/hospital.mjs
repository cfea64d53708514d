// The service of samples in a hospital: a FHIR server whose certificate a CA of its own has signed, behind a proxy.
import { serverCertificate } from '@axios-authorizer/test-kit';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { startWith } from './smart.mjs';

/** @returns the environment of the sample, and what ends the servers */
export async function start() {
  const tls = serverCertificate();
  const proxy = createServer().on('connect', tunnel);
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const { env, stop } = await startWith({ tls });
  const caFile = join(dirname(env.KEY_DIRECTORY), 'ca.pem');
  await writeFile(caFile, tls.cert);
  const { port } = proxy.address();
  const way = { HOSPITAL_CA_FILE: caFile, PROXY_HOST: '127.0.0.1', PROXY_PORT: String(port) };
  const stopBoth = () => {
    proxy.close();
    return stop();
  };
  return { env: { ...env, ...way }, stop: stopBoth };
}

function tunnel({ url }, socket) {
  const [host, port] = url.split(':');
  const onward = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
  for (const one of [socket, onward]) one.on('error', () => undefined);
  socket.pipe(onward).pipe(socket);
}
