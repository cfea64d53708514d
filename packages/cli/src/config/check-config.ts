// Judges a configuration: every name known, every value of its shape, no secret in it. A message never repeats a value.
import { checkOptions, recordOf } from '@axios-authorizer/core/extend';
import type { OptionKind, OptionTable } from '@axios-authorizer/core/extend';
import { secretPlace } from '../secrets/secret-source.js';
import { isKind, KINDS, SERVICE_NAME, SERVICE_OPTIONS } from '../services/options.js';
import type { OptionForm, OptionSpec } from '../services/options.js';
import type { CliConfig, ServiceSettings } from '../services/types.js';
import { UsageError } from '../terminal/failure.js';

const CONFIG: OptionTable<CliConfig & { readonly $schema?: string }> = {
  services: 'object',
  storeKey: 'any',
  $schema: 'string',
};

/** @throws UsageError, ConfigurationError that name the place */
export function checkConfig(given: unknown, path: string): CliConfig {
  if (typeof given !== 'object' || given === null)
    throw new UsageError(`${path} has no configuration: \`export default defineConfig({ services: { … } })\``);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its names are checked here, its values below
  const { services, storeKey } = checkOptions(given as CliConfig, path, CONFIG);
  if (services === undefined) throw new UsageError(`${path} names no \`services\``);
  if (storeKey !== undefined) secretPlace(storeKey, `\`storeKey\` of ${path}`);
  const checked = Object.entries(services).map(([name, service]) => [name, checkService(service, name)] as const);
  return { services: Object.fromEntries(checked), ...(storeKey !== undefined && { storeKey }) };
}

/** One service of a file. @param name as the file has it */
function checkService(given: unknown, name: string): ServiceSettings {
  if (!SERVICE_NAME.test(name))
    throw new UsageError('The name of a service is made of letters, digits, "-", "_" and ".", at most 64 of them');
  if (isKind(name)) throw new UsageError(`A service cannot be named ${name}: that is a kind`);
  const { kind } = recordOf(given);
  if (typeof kind !== 'string' || !isKind(kind))
    throw new UsageError(`\`kind\` of the service ${name} must be one of ${KINDS.join(', ')}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its members are checked next
  return checkSettings({ ...recordOf(given), kind } as unknown as ServiceSettings, `the service ${name}`);
}

/** The settings of a service, from a file or from arguments. @param where for messages */
export function checkSettings(given: ServiceSettings, where: string): ServiceSettings {
  const specs = SERVICE_OPTIONS[given.kind];
  const shapes = Object.entries(specs).map(([name, { form }]) => [name, shapeOf(form)] as const);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table is made of the same members
  const table = { kind: 'string', ...Object.fromEntries(shapes) } as OptionTable<ServiceSettings>;
  const settings = checkOptions(given, where, table);
  for (const [name, value] of Object.entries(settings)) checkValue(specs[name], value, `\`${name}\` of ${where}`);
  return { ...settings };
}

/** The names of what is needed and is not there. */
export function missingIn(settings: ServiceSettings): readonly string[] {
  const given = new Map<string, unknown>(Object.entries(settings));
  return Object.entries(SERVICE_OPTIONS[settings.kind]).flatMap(([name, { needed }]) =>
    needed === true && (given.get(name) ?? '') === '' ? [name] : [],
  );
}

function shapeOf(form: OptionForm): OptionKind {
  if (typeof form !== 'string') return form;
  if (form === 'pairs') return 'object';
  return form === 'text' || form === 'url' || form === 'path' ? 'string' : 'any';
}

function checkValue(spec: OptionSpec | undefined, value: unknown, where: string): void {
  if (spec === undefined || value === undefined) return;
  if (spec.form === 'secret') secretPlace(value, where);
  if (spec.form === 'switch' && typeof value !== 'boolean') throw new UsageError(`${where} must be true or false`);
  if (spec.form === 'port' && !isPort(value)) throw new UsageError(`${where} must be a port, from 1 to 65535`);
  if (spec.form === 'words' && !areWords(value)) throw new UsageError(`${where} must be a text or a list of texts`);
  if (spec.form === 'url' && !(typeof value === 'string' && isWebUrl(value)))
    throw new UsageError(`${where} must be an absolute URL of http or https, such as https://auth.example.org/token`);
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
}

function areWords(value: unknown): boolean {
  return [value].flat().every((word) => typeof word === 'string' && word !== '');
}
