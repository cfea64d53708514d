// Does every password that a person may have lead both sides to one key, and only that password?
import { randomBytes } from 'node:crypto';
import { hexOfBytes, numberOfBytes } from '../../src/srp/bytes.js';
import { passwordClaim, privateValue, publicValue, sessionKey, verifierOf } from '../../src/srp/srp.js';
import { serverKey, serverValue } from './server.js';
import { ways } from './without-native-power.js';
import type { Identity } from '../../src/srp/srp.js';
import type { Server } from './server.js';

const salt = 0x1098d6a904943815c58718296e887807n;
const secretBlock = 'c2VjcmV0LWJsb2NrLWJ5dGVz';

function identityOf(password: string, user = 'bob'): Identity {
  return { group: 'AbCdEfGhI', user, password };
}

async function serverFor(password: string): Promise<Server> {
  return { verifier: await verifierOf(identityOf(password), salt), b: numberOfBytes(randomBytes(32)) };
}

/** The keys of a sign-in with `password` at the server of a user. */
async function keys(server: Server, password: string): Promise<readonly [client: string, server: string]> {
  const a = numberOfBytes(randomBytes(32));
  const challenge = { B: (await serverValue(server)).toString(16), salt: salt.toString(16), secretBlock };
  const key = await sessionKey(identityOf(password), a, challenge);
  return [hexOfBytes(key), hexOfBytes(await serverKey(server, publicValue(a)))];
}

const decomposed = 'pa\u0308sswo\u0308rd';
const composed = decomposed.normalize('NFC');

describe.each(ways)('with %s', (_, within) => {
  it.each([
    ['a plain one', 'Qwerty1!'],
    ['one letter', 'x'],
    ['a blank', ' '],
    ['blanks around it', '  secret  '],
    ['colons', ':pa:ss::word:'],
    ['composed letters', composed],
    ['decomposed letters', decomposed],
    ['Chinese, a lock and a family', '密码🔐👩‍👩‍👧'],
    ['from right to left', 'كلمة السر'],
    ['control characters', 'a\u0000b\tc\nd'],
    ['1,000 characters', 'Aa1!'.repeat(250)],
    ['1,000 characters of four bytes', '🔐'.repeat(1000)],
  ])('%s (G1)', async (__, password) => {
    const [client, server] = await within(async () => keys(await serverFor(password), password));
    expect(client).toBe(server);
  });

  it('a password that is another in one character leads to another key (G1)', async () => {
    const server = await serverFor('Aa1!'.repeat(250));
    const [mine, theirs] = await within(() => keys(server, `${'Aa1!'.repeat(249)}Aa1?`));
    expect(mine).not.toBe(theirs);
  });
});

it('composed and decomposed letters are two passwords: nothing is normalised (G1)', async () => {
  const [one, other] = [composed, decomposed];
  expect([one === other, one.normalize('NFD') === other]).toEqual([false, true]);
  const [x, y] = [await privateValue(identityOf(one), salt), await privateValue(identityOf(other), salt)];
  expect(x).not.toBe(y);
  const [client, server] = await keys(await serverFor(one), other);
  expect(client).not.toBe(server);
});

it('nothing is trimmed, and case counts (G1)', async () => {
  const passwords = ['secret', ' secret', 'secret ', 'Secret', 'secret\u0000', 'ｓecret'];
  const values = await Promise.all(passwords.map((password) => privateValue(identityOf(password), salt)));
  expect(new Set(values).size).toBe(passwords.length);
});

it('a colon moved from user to password is the same x, as the protocol has it, and another claim (G1)', async () => {
  const [one, other] = [identityOf('c', 'a:b'), identityOf('b:c', 'a')];
  expect(await privateValue(one, salt)).toBe(await privateValue(other, salt));
  const task = { challenge: { B: '05', salt: '10', secretBlock }, timestamp: 'Thu Jan 1 00:00:00 UTC 1970' };
  expect(await passwordClaim(one, 7n, task)).not.toBe(await passwordClaim(other, 7n, task));
});

it('every part of the challenge goes into the claim (G1)', async () => {
  const challenge = { B: '05', salt: '10', secretBlock };
  const task = { challenge, timestamp: 'Thu Jan 1 00:00:00 UTC 1970' };
  const claims = await Promise.all([
    passwordClaim(identityOf('secret'), 7n, task),
    passwordClaim(identityOf('secret'), 8n, task),
    passwordClaim(identityOf('secret', 'bobby'), 7n, task),
    passwordClaim({ ...identityOf('secret'), group: 'Another' }, 7n, task),
    passwordClaim(identityOf('secret'), 7n, { ...task, timestamp: 'Thu Jan 1 00:00:01 UTC 1970' }),
    passwordClaim(identityOf('secret'), 7n, { ...task, challenge: { ...challenge, B: '06' } }),
    passwordClaim(identityOf('secret'), 7n, { ...task, challenge: { ...challenge, salt: '11' } }),
    passwordClaim(identityOf('secret'), 7n, { ...task, challenge: { ...challenge, secretBlock: 'AAAA' } }),
  ]);
  expect(new Set(claims).size).toBe(claims.length);
});
