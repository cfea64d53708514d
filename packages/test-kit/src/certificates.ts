// Certificates for 127.0.0.1 (RFC 5280), made when they are wanted: a stored one would expire some day. Good ones and bad ones,
// since what a client says about a bad one is worth a test.
import { randomBytes, sign } from 'node:crypto';
import { ecKeyPair } from './key-pairs.js';
import type { KeyObject } from 'node:crypto';

export interface Certificate {
  /** PEM, as Node's servers and agents take it. */
  readonly key: string;
  readonly cert: string;
}

/** What signs other certificates. */
export interface CertificateAuthority extends Certificate {
  readonly name: string;
  readonly privateKey: KeyObject;
}

export interface CertificateOptions {
  /** Of whom it is. Default: 127.0.0.1 and localhost. */
  readonly hosts?: readonly ('127.0.0.1' | 'localhost' | `${string}.example`)[];
  /** In days from now. Default: -1 until 1. */
  readonly fromDays?: number;
  readonly untilDays?: number;
  /** Who signs it. Default: itself. */
  readonly authority?: CertificateAuthority | undefined;
}

/** DER tags (X.690 section 8). */
const [BOOLEAN, INTEGER, BITS, OCTETS, OID, TEXT, UTC, SEQUENCE, SET] = [
  0x01, 0x02, 0x03, 0x04, 0x06, 0x0c, 0x17, 0x30, 0x31,
];
const [VERSION, EXTENSIONS, DNS_NAME, IP_ADDRESS] = [0xa0, 0xa3, 0x82, 0x87];
const DAY_MS = 86_400_000;

const ecdsaWithSha256 = der(SEQUENCE, oid('2a8648ce3d040302'));
const commonName = oid('550403');
const subjectAltName = oid('551d11');
const basicConstraints = oid('551d13');

/** A certificate for a server on this machine. Default: good from yesterday until tomorrow, and vouching for itself. */
export function serverCertificate(options: CertificateOptions = {}): Certificate {
  const { hosts = ['127.0.0.1', 'localhost'], authority } = options;
  const names = hosts.map((host) =>
    host === '127.0.0.1' ? der(IP_ADDRESS, Buffer.of(127, 0, 0, 1)) : der(DNS_NAME, Buffer.from(host)),
  );
  const extension = der(SEQUENCE, subjectAltName, der(OCTETS, der(SEQUENCE, ...names)));
  return issued({ name: `server ${serial().toString('hex')}`, authority, extension, ...options });
}

/** A certificate authority that nobody knows. */
export function certificateAuthority(name = 'An unknown authority'): CertificateAuthority {
  const isAuthority = der(SEQUENCE, der(BOOLEAN, Buffer.of(0xff)));
  const extension = der(SEQUENCE, basicConstraints, der(BOOLEAN, Buffer.of(0xff)), der(OCTETS, isAuthority));
  return { ...issued({ name, extension }), name };
}

interface Issue extends CertificateOptions {
  readonly name: string;
  readonly extension: Buffer;
}

function issued(issue: Issue): Certificate & { readonly privateKey: KeyObject } {
  const { privateKey, publicKey } = ecKeyPair('P-256');
  const signed = toBeSigned(issue, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = der(BITS, Buffer.of(0), sign('sha256', signed, issue.authority?.privateKey ?? privateKey));
  return {
    privateKey,
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: pem(der(SEQUENCE, signed, ecdsaWithSha256, signature)),
  };
}

function toBeSigned({ name, extension, authority, fromDays = -1, untilDays = 1 }: Issue, publicKey: Buffer): Buffer {
  const validity = [fromDays, untilDays].map((days) => der(UTC, Buffer.from(utcTime(Date.now() + days * DAY_MS))));
  return der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.of(2))),
    der(INTEGER, serial()),
    ecdsaWithSha256,
    nameOf(authority?.name ?? name),
    der(SEQUENCE, ...validity),
    nameOf(name),
    publicKey,
    der(EXTENSIONS, der(SEQUENCE, extension)),
  );
}

/** Positive, and of its own for each certificate. */
function serial(): Buffer {
  return Buffer.concat([Buffer.of(1), randomBytes(8)]);
}

function nameOf(name: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, commonName, der(TEXT, Buffer.from(name)))));
}

/** YYMMDDHHMMSSZ (RFC 5280 section 4.1.2.5.1). */
function utcTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(2, 19).replaceAll(/\D/g, '')}Z`;
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function oid(hex: string): Buffer {
  return der(OID, Buffer.from(hex, 'hex'));
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}
