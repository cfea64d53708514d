// The forms in which a key comes that is no JSON: PEM whose line ends were lost on the way, and what is not read at all but
// can be told by name: PKCS#12, DER, and either of them, or a PEM, in base64.
import { SmartKeyError } from './smart-key-error.js';

/** How a DER SEQUENCE of 128 bytes or more begins, read as UTF-8. */
const DER = /^0\uFFFD/;
/** The INTEGER 3 that follows in a PKCS #12, its version (RFC 7292 section 4), and where it begins at the latest. */
const VERSION_3 = '\u0002\u0001\u0003';
const LONGEST_HEAD = 5;
/** Long enough for no path to be mistaken for it. */
const BASE64 = /^(?:MI|LS0tLS1CRUdJTi|eyJ)[A-Za-z0-9+/=_-]{90,}$/;
const ONE_LINE =
  /^(-----BEGIN [^-]+-----)\s*(?:(Proc-Type: \S+)\s+(DEK-Info: \S+))?\s*([A-Za-z0-9+/=\s]+)(-----END [^-]+-----)$/;
const LINE = /.{1,64}/g;

const TO_PEM = 'openssl pkey -inform DER -in FILE -out key.pem';
const FROM_PKCS12 = 'openssl pkcs12 -in FILE -nocerts -out key.pem';

/** Whether `text` is a key in a form that is not read. */
export function isForeign(text: string): boolean {
  return DER.test(text) || BASE64.test(text.replaceAll(/\s/g, ''));
}

/** @throws SmartKeyError that names the form, and what makes a PEM of it */
export function assertReadable(text: string): void {
  const form = isForeign(text) ? formOf(text.replaceAll(/\s/g, ''), text) : undefined;
  if (form !== undefined) throw new SmartKeyError('malformed', form);
}

function formOf(base64: string, text: string): string {
  if (isPkcs12(text))
    return `That is a PKCS#12 file (.p12, .pfx), which is not read; take the key out of it: ${FROM_PKCS12}`;
  if (DER.test(text)) return `That is DER, which is not read; make a PEM of it: ${TO_PEM}`;
  if (!base64.startsWith('MI')) return 'That is a key in base64: decode it once more';
  const inner = isPkcs12(new TextDecoder().decode(Buffer.from(base64, 'base64')));
  return inner
    ? `That is a PKCS#12 file in base64, which is not read; decode it, and take the key out of it: ${FROM_PKCS12}`
    : 'That is base64 without the BEGIN and END lines of a PEM: was only the middle copied?';
}

function isPkcs12(text: string): boolean {
  return DER.test(text) && text.slice(0, LONGEST_HEAD + VERSION_3.length).includes(VERSION_3);
}

/** A PEM block as it was, where an environment variable or a form has made one line of it. */
export function withLines(block: string): string {
  if (/\n/.test(block.trim())) return block;
  const [, begin, type, info, body = '', end] = ONE_LINE.exec(block.trim()) ?? [];
  if (begin === undefined || end === undefined) return block;
  const headers = type === undefined || info === undefined ? [] : [type, info, ''];
  return [begin, ...headers, ...(body.replaceAll(/\s/g, '').match(LINE) ?? []), end, ''].join('\n');
}
