// Reads the environment of this process, for what a program that inherits it must not repeat in an error.

/** What a program inherits. */
export function inheritedEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
