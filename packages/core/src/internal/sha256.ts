// SHA-256 (FIPS 180-4) at once: a name is needed before the next request goes out, and WebCrypto answers only later. For short
// texts that are made into names, and for certificates; it keeps no secret and need not be fast.

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 64;
const WORD = 2 ** 32;

/** The digest of bytes, or of a text in UTF-8, as 64 hexadecimal digits. */
export function sha256Hex(given: string | Uint8Array): string {
  const { initial, constants } = primeRoots();
  const message = padded(typeof given === 'string' ? new TextEncoder().encode(given) : given);
  let state = initial;
  for (let at = 0; at < message.byteLength; at += BLOCK_BYTES) state = mixed(state, schedule(message, at), constants);
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

/** The message, a single 1 bit, zeros, and its length in bits (section 5.1.1). */
function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 1 + LENGTH_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  const block = new Uint8Array(length);
  block.set(bytes);
  block[bytes.length] = 0x80;
  const view = new DataView(block.buffer);
  view.setUint32(length - 8, Math.floor((bytes.length * 8) / WORD));
  view.setUint32(length - 4, (bytes.length * 8) % WORD);
  return view;
}

/** The words of a block and those made of them (section 6.2.2, step 1). */
function schedule(message: DataView, from: number): Uint32Array {
  const words = new Uint32Array(ROUNDS);
  for (let index = 0; index < ROUNDS; index += 1) {
    if (index < 16) words[index] = message.getUint32(from + index * 4);
    else {
      const [near, far] = [wordAt(words, index - 15), wordAt(words, index - 2)];
      const mixedNear = rotated(near, 7) ^ rotated(near, 18) ^ (near >>> 3);
      const mixedFar = rotated(far, 17) ^ rotated(far, 19) ^ (far >>> 10);
      words[index] = wordAt(words, index - 16) + mixedNear + wordAt(words, index - 7) + mixedFar;
    }
  }
  return words;
}

/** One block worked into the state (section 6.2.2, steps 2 to 4). */
function mixed(state: Uint32Array, words: Uint32Array, constants: Uint32Array): Uint32Array {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let round = 0; round < ROUNDS; round += 1) {
    const choice = (e & f) ^ (~e & g);
    const sumE = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const first = (h + sumE + choice + wordAt(constants, round) + wordAt(words, round)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const sumA = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + sumA + majority) | 0];
  }
  return Uint32Array.from([a, b, c, d, e, f, g, h], (word, index) => word + wordAt(state, index));
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function wordAt(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

/** Both are the fractions of roots of the first primes (sections 4.2.2 and 5.3.3). */
function primeRoots(): { readonly initial: Uint32Array; readonly constants: Uint32Array } {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < ROUNDS; candidate += 1)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return {
    initial: Uint32Array.from(primes.slice(0, 8), (prime) => fractionOf(Math.sqrt(prime))),
    constants: Uint32Array.from(primes, (prime) => fractionOf(Math.cbrt(prime))),
  };
}

function fractionOf(root: number): number {
  return Math.floor((root % 1) * WORD);
}
