// A service that a command works on: named in a configuration, or made of arguments. It knows where its secrets are and reads
// each once, when it is needed.
import { dirname } from 'node:path';
import { checkSettings, missingIn } from '../config/check-config.js';
import { loadConfig } from '../config/load-config.js';
import type { LoadedConfig } from '../config/load-config.js';
import { readSecret, secretPlace } from '../secrets/secret-source.js';
import type { SecretPlace } from '../secrets/secret-source.js';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { flagOf, isKind, SERVICE_OPTIONS } from './options.js';
import type { SecretSource, ServiceKind, ServiceSettings } from './types.js';

/** What a command line says of a service. */
export interface Selection {
  /** The name of a service in the configuration, or a kind. */
  readonly name: string;
  /** Of a kind: its settings, as the arguments gave them. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** The configuration file that was named. */
  readonly config?: string | undefined;
  /** Where the key of the store is, where the arguments say it. */
  readonly storeKey?: string | undefined;
  /** How long its servers are waited for, in ms. Default: 30 s. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 30_000;

export interface Service {
  /** As the user calls it. */
  readonly name: string;
  readonly settings: ServiceSettings;
  /** The folder that relative paths count from. */
  readonly folder: string;
  readonly storeKey: SecretSource | undefined;
  /** How long its servers are waited for, all tries together. */
  readonly timeoutMs: number;
  /** A secret by the name of its option. @throws UsageError when it is not there and nobody can be asked */
  secret(name: string): Promise<string>;
  /** Whether something says where the secret is. */
  hasSecret(name: string): boolean;
}

/** @throws UsageError when there is no such service, or something is missing that it needs */
export async function findService(selection: Selection, terminal: Terminal): Promise<Service> {
  if (isKind(selection.name)) return adHocService(selection, terminal);
  const loaded = await loadConfig(terminal, selection.config);
  return configuredService(selection, loaded, terminal);
}

/** A service of the configuration. */
function configuredService(
  { name, timeoutMs = TIMEOUT_MS }: Selection,
  loaded: LoadedConfig | undefined,
  terminal: Terminal,
): Service {
  const settings = loaded && Object.hasOwn(loaded.config.services, name) ? loaded.config.services[name] : undefined;
  if (loaded === undefined || settings === undefined) throw noService(name, loaded);
  const [missing] = missingIn(settings);
  if (missing !== undefined) throw new UsageError(`The service ${name} of ${loaded.path} has no \`${missing}\``);
  const { storeKey } = loaded.config;
  return serviceOf({ name, settings, folder: dirname(loaded.path), storeKey, timeoutMs }, terminal);
}

function adHocService({ name, given = {}, storeKey, timeoutMs = TIMEOUT_MS }: Selection, terminal: Terminal): Service {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its members are checked next
  const settings = checkSettings({ ...given, kind: name } as unknown as ServiceSettings, name);
  const missing = missingIn(settings).map((one) =>
    flagOf(one, SERVICE_OPTIONS[settings.kind][one] ?? { form: 'text' }),
  );
  if (missing.length > 0) throw new UsageError(`${name} needs ${missing.join(', ')}`);
  if (storeKey !== undefined) secretPlace(storeKey, '--store-key-from');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just checked
  const key = storeKey as SecretSource | undefined;
  return serviceOf({ name, settings, folder: terminal.cwd, storeKey: key, timeoutMs }, terminal);
}

function noService(name: string, loaded: LoadedConfig | undefined): UsageError {
  if (loaded === undefined)
    return new UsageError(
      `There is no configuration here that could name the service ${name}`,
      'Go to the folder of axios-authorizer.config.{ts,mjs,json}, name it with --config, or name a kind: smart, itkdb, cognito, oauth2.',
    );
  const names = Object.keys(loaded.config.services).join(', ') || 'none';
  return new UsageError(`${loaded.path} has no service ${name}`, `It has: ${names}.`);
}

type Parts = Omit<Service, 'secret' | 'hasSecret'>;

function serviceOf(parts: Parts, terminal: Terminal): Service {
  const read = new Map<string, Promise<string>>();
  const once = (name: string): Promise<string> => {
    const reading = read.get(name) ?? secretOf(parts, name, terminal);
    read.set(name, reading);
    return reading;
  };
  return { ...parts, secret: once, hasSecret: (name) => placeOf(parts, name, terminal) !== undefined };
}

function secretOf(parts: Parts, name: string, terminal: Terminal): Promise<string> {
  const { settings, folder } = parts;
  const spec = SERVICE_OPTIONS[settings.kind][name] ?? { form: 'secret', about: name };
  const place = placeOf(parts, name, terminal) ?? { by: 'prompt', at: '' };
  return readSecret(place, { what: spec.about, instead: insteadOf(parts, name), folder }, terminal);
}

/** Where the secret is. A variable that nobody named counts for arguments alone: of two services it may be the other's. */
function placeOf({ name, settings }: Parts, secret: string, { env }: Terminal): SecretPlace | undefined {
  const given = new Map<string, unknown>(Object.entries(settings)).get(secret);
  if (given !== undefined) return secretPlace(given, secret);
  const { variable } = SERVICE_OPTIONS[settings.kind][secret] ?? {};
  const counts = variable !== undefined && (isKind(name) || variable.startsWith('ITKDB_'));
  return counts && env[variable] ? { by: 'env', at: variable } : undefined;
}

/** What to give in place of an answer. */
function insteadOf({ name, settings }: Parts, secret: string): string {
  const spec = SERVICE_OPTIONS[settings.kind][secret];
  if (!isKind(name)) return `Say in the configuration where it is: ${secret}: 'env:NAME', 'file:PATH', …`;
  const variable = spec?.variable === undefined ? '' : `Set ${spec.variable}, or say where it is: `;
  return `${variable}${flagOf(secret, { form: 'secret' })} env:NAME, file:PATH, command:LINE or keyring:HELPER:ENTRY`;
}

/** The settings of a service of that kind. */
export function settingsOf<K extends ServiceKind>(
  { settings }: Pick<Service, 'settings'>,
  kind: K,
): Extract<ServiceSettings, { readonly kind: K }> {
  if (settings.kind !== kind) throw new TypeError(`a service of the kind ${settings.kind} is no ${kind}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just compared
  return settings as Extract<ServiceSettings, { readonly kind: K }>;
}
