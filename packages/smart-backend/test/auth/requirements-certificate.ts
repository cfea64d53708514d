// A certificate for 127.0.0.1 that vouches for itself (RFC 5280), made when it is wanted: a stored one would end some day.
import { sign } from 'node:crypto';
import { ecKeyPair } from '@axios-authorizer/test-kit';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** DER tags (X.690 section 8). */
const [INTEGER, BITS, OCTETS, OID, TEXT, UTC, SEQUENCE, SET] = [0x02, 0x03, 0x04, 0x06, 0x0c, 0x17, 0x30, 0x31];
const [VERSION, EXTENSIONS, IP_ADDRESS] = [0xa0, 0xa3, 0x87];
const DAY_MS = 86_400_000;

const ecdsaWithSha256 = der(SEQUENCE, der(OID, Buffer.from('2a8648ce3d040302', 'hex')));
const commonName = der(OID, Buffer.from('550403', 'hex'));
const subjectAltName = der(OID, Buffer.from('551d11', 'hex'));

/** PEM, as Node's servers and agents take it; good from yesterday until tomorrow. */
export function loopbackCertificate(): Certificate {
  const { privateKey, publicKey } = ecKeyPair('P-256');
  const signed = toBeSigned(publicKey.export({ type: 'spki', format: 'der' }));
  const signature = der(BITS, Buffer.of(0), sign('sha256', signed, privateKey));
  const lines =
    der(SEQUENCE, signed, ecdsaWithSha256, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

function toBeSigned(publicKey: Buffer): Buffer {
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, commonName, der(TEXT, Buffer.from('loopback')))));
  const [from, to] = [-DAY_MS, DAY_MS].map((ms) => der(UTC, Buffer.from(utcTime(Date.now() + ms))));
  const address = der(OCTETS, der(SEQUENCE, der(IP_ADDRESS, Buffer.of(127, 0, 0, 1))));
  return der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.of(2))),
    der(INTEGER, Buffer.of(1)),
    ecdsaWithSha256,
    name,
    der(SEQUENCE, from ?? Buffer.of(), to ?? Buffer.of()),
    name,
    publicKey,
    der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, subjectAltName, address))),
  );
}

/** YYMMDDHHMMSSZ (RFC 5280 section 4.1.2.5.1). */
function utcTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(2, 19).replaceAll(/\D/g, '')}Z`;
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}
