// Whose a saved login is: a slow hash of the access codes under a salt, so that another's login is not taken for one's own,
// and the codes cannot be guessed from the file. It takes a third of a second and more, so it is begun before it is needed,
// made once for each salt, and a file keeps the salt that it has.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export interface AccessCodes {
  readonly accessCode1: string;
  readonly accessCode2: string;
}

/** OWASP's floor in 16 MiB of memory, which is what many programs on one machine can have at once; ln is log2 of N. */
const COST = { ln: 14, r: 8, p: 5 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** As the PHC string format has it: what was made at another cost is another's. */
const PREFIX = `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$`;
const MARK = /^([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;
const MOST_HASHES = 8;

export class LoginOwner {
  readonly #codes: string;
  readonly #hashes = new Map<string, Promise<Buffer>>();
  #mark: Promise<string> | undefined;

  constructor({ accessCode1, accessCode2 }: AccessCodes) {
    this.#codes = JSON.stringify([accessCode1, accessCode2]);
  }

  /** Begins what `mark` will be asked for; to be called when a login is begun, which takes about as long. */
  prepare(): void {
    this.mark().catch(() => (this.#mark = undefined));
  }

  /** What a file of these codes says. @throws what scrypt throws, such as for want of memory */
  mark(): Promise<string> {
    this.#mark ??= this.#made(text(randomBytes(SALT_BYTES)));
    return this.#mark;
  }

  /** Whether a file that says so was saved with these codes; its salt is then used again. */
  async isOf(mark: string): Promise<boolean> {
    const [, salt, hash] = (mark.startsWith(PREFIX) && MARK.exec(mark.slice(PREFIX.length))) || [];
    if (salt === undefined || hash === undefined) return false;
    const isMine = timingSafeEqual(await this.#hash(salt), Buffer.from(hash, 'base64'));
    if (isMine) this.#mark ??= Promise.resolve(mark);
    return isMine;
  }

  async #made(salt: string): Promise<string> {
    return `${PREFIX}${salt}$${text(await this.#hash(salt))}`;
  }

  #hash(salt: string): Promise<Buffer> {
    const known = this.#hashes.get(salt);
    if (known !== undefined) return known;
    const hash = derive(this.#codes, Buffer.from(salt, 'base64'));
    hash.catch(() => this.#hashes.delete(salt));
    if (this.#hashes.size >= MOST_HASHES) this.#hashes.clear();
    this.#hashes.set(salt, hash);
    return hash;
  }
}

function derive(codes: string, salt: Buffer): Promise<Buffer> {
  const { ln, r, p } = COST;
  return promisify<string, Buffer, number, object, Buffer>(scrypt)(codes, salt, HASH_BYTES, { N: 2 ** ln, r, p });
}

/** Base64 without its padding. */
function text(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
