// What a signer of the program's own returned, as JWS has it (RFC 7518 section 3).
import { asString, recordOf } from '../../internal/records.js';
import { AuthenticationError, ConfigurationError, isAuthenticationError } from '../../token/errors/errors.js';
import type { SignFunction } from './private-key.js';

/** Bytes of r and of s (RFC 7518 section 3.4). */
const COORDINATE: Readonly<Record<string, number>> = { ES256: 32, ES384: 48, ES512: 66 };
const SHORTEST_RSA_BYTES = 256;
const [SEQUENCE, INTEGER, LONG_FORM] = [0x30, 0x02, 0x81];

/** @throws ConfigurationError when it returns no signature for `alg`; AuthenticationError `source_failed` when it throws */
export async function askSigner(sign: SignFunction, alg: string, input: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const signature = await answerOf(sign, input);
  if (!ArrayBuffer.isView(signature))
    throw new ConfigurationError('The function `key` must return the bytes of a signature');
  const bytes = new Uint8Array(signature.buffer, signature.byteOffset, signature.byteLength);
  const size = COORDINATE[alg];
  if (size !== undefined) return bytes.length === size * 2 ? bytes : joined(bytes, size, alg);
  const isRsa = /^[RP]S/.test(alg);
  if (isRsa ? bytes.length >= SHORTEST_RSA_BYTES : bytes.length === 64) return bytes;
  throw new ConfigurationError(`The function \`key\` returned ${bytes.length} bytes, which is no signature for ${alg}`);
}

/** A key service that is away is no fault of the program. */
async function answerOf(sign: SignFunction, input: Uint8Array<ArrayBuffer>): Promise<unknown> {
  try {
    return await sign(input);
  } catch (cause) {
    if (isAuthenticationError(cause)) throw cause;
    const words = asString(recordOf(cause)['message']) ?? 'it threw no error';
    throw new AuthenticationError(`The function that signs failed: ${words}`, {
      code: 'source_failed',
      kind: 'unavailable',
      cause,
    });
  }
}

/** r‖s of the DER in which key services hand out ECDSA signatures (RFC 3279 section 2.2.3). */
function joined(der: Uint8Array, size: number, alg: string): Uint8Array {
  const at = der[1] === LONG_FORM ? 3 : 2;
  const r = integerAt(der, at);
  const s = integerAt(der, at + 2 + (der[at + 1] ?? 0));
  if (der[0] !== SEQUENCE || r === undefined || s === undefined || Math.max(r.length, s.length) > size)
    throw new ConfigurationError(`The function \`key\` must return ${size * 2} bytes (r‖s) for ${alg}, or DER`);
  const raw = new Uint8Array(size * 2);
  raw.set(r, size - r.length);
  raw.set(s, size * 2 - s.length);
  return raw;
}

/** Without the zeros that stand before it. */
function integerAt(der: Uint8Array, at: number): Uint8Array | undefined {
  const end = at + 2 + (der[at + 1] ?? 0);
  if (der[at] !== INTEGER || end > der.length) return undefined;
  const bytes = der.subarray(at + 2, end);
  return bytes.subarray(
    Math.max(
      0,
      bytes.findIndex((byte) => byte !== 0),
    ),
  );
}
