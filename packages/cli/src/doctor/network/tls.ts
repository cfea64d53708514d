// Opens a connection and looks at the certificates that come, good or not: Node would only say that it does not trust them.
import { existsSync } from 'node:fs';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { asString, recordOf } from '@axios-authorizer/core/extend';
import { isAuthenticationError } from '@axios-authorizer/core';
import type { Transport } from '@axios-authorizer/core';
import type { CheckContext, Finding } from '../check.js';
import { failure, ok, warning } from '../check.js';
import { BY_NETWORK, networkCodeOf } from '../../terminal/network.js';
import { proxyFor, tunnel } from './proxy.js';
import type { Place } from './target.js';

const SOON_MS = 14 * 24 * 3_600_000;

/** Whether a connection comes about, and what is to be said of its certificate. */
export async function connectionFinding(
  place: Place,
  transport: Transport | undefined,
  context: CheckContext,
): Promise<Finding> {
  try {
    const socket = await rawConnection(place, context);
    if (!place.isTls) return plain(place, socket);
    const secured = await handshake(place, { socket, transport, signal: context.signal });
    const finding = certificateFinding(place, secured, context);
    secured.destroy();
    return finding;
  } catch (error) {
    return notConnected(place, error);
  }
}

function plain({ shown, host }: Place, socket: Socket): Finding {
  socket.destroy();
  if (isLoopback(host)) return ok(`${shown} answers; it is this machine, so there is no TLS`);
  return warning(`${shown} answers, and nothing is encrypted`, 'use https: anybody on the way could read the token');
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

function notConnected({ shown }: Place, error: unknown): Finding {
  const code = networkCodeOf(error);
  if (code !== undefined)
    return failure('unavailable', `${shown} could not be reached (${code})`, BY_NETWORK[code] ?? '');
  if (isAuthenticationError(error) || recordOf(error)['name'] === 'AbortError') throw error;
  return failure('configuration', `${shown} does not speak TLS (${String(recordOf(error)['code'])})`, NOT_TLS);
}

const NOT_TLS =
  'what answers there speaks no TLS, or only a version that is too old: check scheme and port of the URL; ask whoever runs the server for TLS 1.2 or later';

async function rawConnection(place: Place, { env, signal }: CheckContext): Promise<Socket> {
  const proxy = proxyFor(place, env);
  if (typeof proxy === 'object') {
    const { socket } = await tunnel(proxy, place, signal);
    if (socket !== undefined) return socket;
  }
  const socket = connectTcp({ host: place.host, port: place.port, signal });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  return socket;
}

interface Handshake {
  readonly socket: Socket;
  readonly transport: Transport | undefined;
  readonly signal: AbortSignal;
}

async function handshake({ host }: Place, { socket, transport, signal }: Handshake): Promise<TLSSocket> {
  const { ca, cert, key } = recordOf(recordOf(recordOf(transport)['httpsAgent'])['options']);
  const given = Object.fromEntries(Object.entries({ ca, cert, key }).filter(([, value]) => value !== undefined));
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const secured = connectTls({ socket, host, ...servername, ...given, rejectUnauthorized: false });
  const leave = (): void => void secured.destroy(new Error('no answer'));
  signal.addEventListener('abort', leave, { once: true });
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', resolve).once('error', reject);
  });
  signal.removeEventListener('abort', leave);
  return secured;
}

function certificateFinding(place: Place, socket: TLSSocket, { clock, env }: CheckContext): Finding {
  const certificate = socket.getPeerCertificate(true);
  const { authorizationError: refusal } = recordOf(socket);
  const code = asString(refusal) ?? asString(recordOf(refusal)['code']);
  if (code !== undefined) return refused(code, { place, certificate, env });
  const until = new Date(certificate.valid_to);
  const found = `${socket.getProtocol() ?? 'TLS'}, ${place.shown} has a certificate of ${nameOf(certificate.issuer)}, good until ${dayOf(until)}`;
  if (until.getTime() - clock.now() > SOON_MS) return ok(found);
  return warning(found, `it expires soon: ask whoever runs ${place.host} to renew it`);
}

interface Refused {
  readonly place: Place;
  readonly certificate: PeerCertificate;
  readonly env: CheckContext['env'];
}

function refused(code: string, { place, certificate, env }: Refused): Finding {
  const { host } = place;
  if (code === 'CERT_HAS_EXPIRED')
    return failure(
      'configuration',
      `The certificate of ${host} expired on ${dayOf(new Date(certificate.valid_to))}`,
      "ask whoever runs the server to renew it; if that day is not over, this machine's clock is wrong",
    );
  if (code === 'CERT_NOT_YET_VALID')
    return failure(
      'configuration',
      `The certificate of ${host} is good only from ${dayOf(new Date(certificate.valid_from))} on`,
      "this machine's clock is slow, or the server has its new certificate too early",
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return failure(
      'configuration',
      `The certificate is not for ${host}, but for ${certificate.subjectaltname ?? nameOf(certificate.subject)}`,
      'check the host of the URL; a proxy, a portal or the default site of a shared server may have answered in its place',
    );
  return failure(
    'configuration',
    `Nobody here knows who signed the certificate of ${host}: ${nameOf(certificate.issuer)} (${code})`,
    unknownCa(code, env),
  );
}

function unknownCa(code: string, env: CheckContext['env']): string {
  const file = env['NODE_EXTRA_CA_CERTS'] ?? '';
  const missing = `NODE_EXTRA_CA_CERTS names ${file}, which is not there: correct the path`;
  if (file !== '' && !existsSync(file)) return missing;
  const known = file === '' ? '' : ' (the file that it names now does not hold it)';
  const advice = `if it is your company's own CA, or its proxy that looks into TLS: set NODE_EXTRA_CA_CERTS to a PEM file with that CA${known}`;
  return code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
    ? `${advice}; else the server does not send its intermediate certificate: ask whoever runs it for the whole chain`
    : advice;
}

function nameOf(subject: PeerCertificate['issuer'] | undefined): string {
  const { CN, O } = recordOf(subject);
  return asString(CN) ?? asString(O) ?? 'somebody without a name';
}

function dayOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an unknown day' : date.toISOString().slice(0, 10);
}
