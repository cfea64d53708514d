// The public face of @axios-authorizer/cli: what a configuration file is written with. The program itself is `axios-authorizer`.

/** The services that `axios-authorizer` knows by name. */
export interface CliConfig {
  /** A service by its name, as commands name it. */
  readonly services: Readonly<Record<string, object>>;
}

/**
 * Types the default export of `axios-authorizer.config.{ts,mjs}`.
 *
 * @example
 * ```ts
 * export default defineConfig({ services: {} });
 * ```
 */
export function defineConfig(config: CliConfig): CliConfig {
  return config;
}
