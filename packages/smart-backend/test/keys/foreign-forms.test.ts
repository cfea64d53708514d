// Keys in forms that are not read: is the form named, with what makes a PEM of it, wherever the key came from?
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateEcKeyPair, loadKeys } from '../../src/index.js';
import { fileWith, temporaryFolder } from './folder.js';
import { ecKey, encrypted, jwkOf, pkcs8, rsaKey, spkiOf, thumbprint } from './material.js';
import { failureOf } from './problem.js';
import type { KeyObject } from 'node:crypto';

const [rsa, ec] = [rsaKey(), ecKey()];

function derOf(key: KeyObject): Buffer {
  return key.export({ type: 'pkcs8', format: 'der' });
}

/** As `openssl pkcs12 -export` writes it, of a P-384 key that is used nowhere. */
const pkcs12 = Buffer.from(
  `
MIIEbgIBAzCCBCQGCSqGSIb3DQEHAaCCBBUEggQRMIIEDTCCApIGCSqGSIb3DQEHBqCCAoMwggJ/AgEAMIICeAYJKoZIhvcNAQcB
MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjj1FAlXL7evAICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOTR
NJv8D+yWMa66fnk69OqAggIQG44qWefmXS1bxPlFcnWqiiUZAFAEofRBqYII57j9HWQq5IV0DlBL2WH+W6mOcLD5U+d6U8wVoRMI
75XHv04bpM0fpb/uwgvzf/s2AcdBqHsQKSu/JAm307EdLMLUYKgVCEfPIGnZ6L8Bej+7E3sd+xzy+QniS++WrZ4obDs2rQmBdHuF
DoW01AuyWBlni68g8ji0PHpMUhbayGVHEl1w+xi7NaD+rqB1uJUBOLiUm2D8Uu51vQkoALyJ5kburfJYbWkS2ubJfGPdBDtOvh5h
MgfF5U1lh+8Jbo3R9kg8PEFVdMS9P7lJehR1UbQo53TdCl95AXrBZCXXwlg0pK27NGTcTqX2+tmM45dnHebYknPAhNrVmmTfgSkY
vbf0XDzXhkt1ueOIwd366QDsOBn9Xk59ThyqQ/l15r2t0YsNFTD39muwOFs5xbQy8A1uXALAoPEutSho0DoY32O/gkQ/tExIxfAC
HVaS8YxFLKJJBlE108kB7vMdDcr/1C4ZaMaNEOIJM93L/a2gXQUiX9xFVPUjR/M1E3bHvbtRSDlGSp0x30KN47mel4QUp/dJxiZQ
JJFW7WBLaWrFBSXrz75SSZcT4M3zmkTHlSMQk2r3pS5X+6X+InsGg73IDmxLofzYW2x0oyq5Uu6Jc+WnaHvgli52SgUneEzpcR72
xMfgbALnsN0xpjq4tPlgTll48RbeMIIBcwYJKoZIhvcNAQcBoIIBZASCAWAwggFcMIIBWAYLKoZIhvcNAQwKAQKgggEgMIIBHDBX
BgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIOzpsJvKxaXACAggAMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBBnWj14
EkL/c3x0WP5mZ/cGBIHA8buPa27AEolrX8D0tfwxyqdL9KsphZsg3WDkoU1HjY6BFj4jUkYAjX1zn/w8MV+ZQSVKQ2pBMHc/p2J2
gt9X32edUn3bWZJGF9jIAYvzctGuT3fqhQt64We3iwCF63gNRf1TIL5TgYYu5L0DaGqz0evAiQ75EHMayJ5XrdLj5f2aEGu5Q7t9
KL5W+WeIICBcJVFgmlsHJ3bAyzTfq2ADER3kOR7oxgmMHbxIx8mffxNq1ZZIQj0hLwbix1Iw991HMSUwIwYJKoZIhvcNAQkVMRYE
FCoBaWGblJPncudSqAHUGZpNB00OMEEwMTANBglghkgBZQMEAgEFAAQgrbC/+eScVxUh68Bo9D9ZMnlczFu0Ni15KGyFG4N6FWwE
CMxKdDY5bkSBAgIIAA==
`,
  'base64',
);
/** The first bytes of such files, whose length takes one, two or three bytes, which may look like UTF-8. */
const heads = ['3081ff020103', '30820a5b020103', '3082c3a9020103', '30830203ff020103'].map((hex) =>
  Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(300, 7)]),
);

it.each<readonly [what: string, bytes: Buffer, words: RegExp]>([
  ['PKCS#12', pkcs12, /PKCS#12.*openssl pkcs12 -in FILE -nocerts -out key\.pem/],
  ...heads.map((head) => ['a PKCS#12 of another length', head, /PKCS#12.*openssl pkcs12/] as const),
  ['an RSA key in DER', derOf(rsa), /is DER.*openssl pkey -inform DER -in FILE -out key\.pem/],
  ['an EC key in DER', derOf(ec), /is DER.*openssl pkey/],
])('%s is named, from bytes and from a file of any name (S8)', async (_what, bytes, words) => {
  const path = await fileWith(bytes, 'key.pem');
  const other = await fileWith(bytes, 'key.p12');
  for (const from of [bytes, Uint8Array.from(bytes), path, other]) {
    const failure = await failureOf(() => loadKeys(from));
    expect(failure).toMatchObject({ problem: 'malformed', kind: 'configuration' });
    expect(String(failure)).toMatch(words);
  }
  await expect(loadKeys(path)).rejects.toThrow(path);
});

it.each<readonly [what: string, text: string, words: RegExp]>([
  ['the middle of a PEM', derOf(ec).toString('base64'), /without the BEGIN and END lines/],
  ['a PKCS#12 in base64', pkcs12.toString('base64'), /PKCS#12 file in base64/],
  ['a PEM in base64', Buffer.from(pkcs8(ec)).toString('base64'), /key in base64: decode it once more/],
  ['a JWK in base64', Buffer.from(JSON.stringify(jwkOf(ec))).toString('base64url'), /key in base64/],
])('%s is named, on one line and on several, and not shown (S8)', async (_what, text, words) => {
  for (const from of [text, text.replaceAll(/.{64}/g, '$&\n')]) {
    const failure = await failureOf(() => loadKeys(from));
    expect(failure).toMatchObject({ problem: 'malformed' });
    expect(String(failure)).toMatch(words);
    expect(String(failure)).not.toContain(text.slice(30, 60));
  }
});

it('a folder in which only such files lie says so (S8)', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'service.p12'), pkcs12);
  await expect(loadKeys(folder)).rejects.toMatchObject({
    problem: 'missing',
    message: expect.stringMatching(/service\.p12 is not read/) as unknown,
  });
});

it.each([
  ['PKCS #8', pkcs8(ec), ec],
  ['encrypted PKCS #8', encrypted(rsa, 'correct horse'), rsa],
])('a %s whose line ends are gone altogether is read (S8)', async (_what, pem, key) => {
  const [loaded] = await loadKeys(pem.replaceAll('\n', ''), { passphrase: 'correct horse' });
  expect(loaded).toMatchObject({ kid: thumbprint(key), publicKeyPem: spkiOf(key) });
});

it('kid and age survive where blanks stand for line ends (S7, S8)', async () => {
  const folder = await temporaryFolder();
  const made = await generateEcKeyPair(folder, { kid: 'of-march', format: 'pem' });
  const text = (await readFile(join(folder, 'of-march.pem'), 'utf8')).replaceAll('\n', ' ');
  await expect(loadKeys(text)).resolves.toMatchObject([{ kid: 'of-march', publicKeyPem: made.publicKeyPem }]);
});
