// The public face of @axios-authorizer/cli: what a configuration file is written with. The program itself is `axios-authorizer`.
import type { CliConfig } from './services/types.js';

export type {
  CliConfig,
  CognitoService,
  CommonService,
  ItkdbService,
  OAuth2Service,
  SecretSource,
  ServiceKind,
  ServiceSettings,
  SmartService,
} from './services/types.js';

/**
 * Types the default export of `axios-authorizer.config.{ts,mjs}`, and returns it.
 *
 * @example
 * ```ts
 * export default defineConfig({
 *   services: {
 *     fhir: { kind: 'smart', baseUrl: 'https://ehr.example.org/fhir', clientId: 'reports', keys: 'keys' },
 *     api: { kind: 'oauth2', issuer: 'https://auth.example.org', clientId: 'reports', clientSecret: 'env:API_SECRET' },
 *   },
 * });
 * ```
 */
export function defineConfig(config: CliConfig): CliConfig {
  return config;
}
