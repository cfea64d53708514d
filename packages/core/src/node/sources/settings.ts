// Reads the environment of this process, for what a program that inherits it must not repeat in an error.

/** What the environment holds under such names. */
export function inheritedSecrets(names: RegExp): readonly (readonly [name: string, value: string | undefined])[] {
  return Object.entries(process.env).filter(([name]) => names.test(name));
}
