// The libraries advise the options of their functions. Whoever types commands gets what to type.

const OURS = [
  [/say allowInsecure/, 'say --allow-insecure (in a configuration: allowInsecure)'],
  [/, or say `anyMode: true`/, ''],
  [/; say `overwrite: true` to replace it/, '; take another --kid or folder, or remove it by hand'],
  [/ ?\(?list it in `acceptTokenTypes`[^)]*\)?/, ''],
  [/, or lower leewayMs/, ''],
  [/took longer than storeTimeoutMs/, 'took too long'],
  [/; some servers want a shorter assertionLifetimeMs, or issuedAt/, ''],
  [/; give `onChallenge`, or answer `error\.challenge`/, ''],
  [/ \(`clientAuth`: [^)]*\)/, ''],
  [/The key of `clientAuth` signs/, 'The key signs'],
  [/^`clientAuth` is/, '--client-authentication (in a configuration: clientAuthentication) is'],
  [/`?clientInfo\.clientSecret`?/, "the client's secret"],
  [/pass its `passphrase`/, 'say where its passphrase is: --passphrase-from env:NAME (in a configuration: passphrase)'],
  [/modulusLength must be/, '--bits must be'],
  [
    /pass the encryptionKey that it was saved with/,
    'give the key that it was saved with: --store-key-from env:NAME (in a configuration: storeKey)',
  ],
  [/^encryptionKey must be/, 'The key of the store must be'],
] as const;

export function inOurWords(message: string): string {
  return OURS.reduce((text, [theirs, ours]) => text.replace(theirs, ours), message);
}
