// Which variables of the environment hold secrets of the command line: whoever gets its token has no use for them.
import type { Terminal } from '../terminal/terminal.js';
import { SERVICE_OPTIONS } from './options.js';
import type { Service } from './service.js';

type Named = Pick<Service, 'settings' | 'storeKey'>;

/**
 * The environment of a command that gets the token of the service in `variable`: without that variable, and without what the token
 * was got with.
 */
export function environmentFor(
  service: Named,
  variable: string,
  { env, platform }: Pick<Terminal, 'env' | 'platform'>,
): Terminal['env'] {
  const comparable = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name); // one variable there
  const left = new Set([variable, ...secretVariables(service)].map(comparable));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !left.has(comparable(name))));
}

const DEFAULTS: readonly string[] = Object.values(SERVICE_OPTIONS)
  .flatMap((options) => Object.values(options))
  .flatMap(({ variable }) => variable ?? []);

/** Those that commands read by themselves, and those that the service names as `env:NAME`. */
function secretVariables({ settings, storeKey }: Named): readonly string[] {
  const members = [...new Map<string, unknown>(Object.entries(settings))];
  const secrets = members.filter(([name]) => SERVICE_OPTIONS[settings.kind][name]?.form === 'secret');
  const named = [storeKey, ...secrets.map(([, place]) => place)].flatMap((place) =>
    typeof place === 'string' && place.startsWith('env:') ? place.slice('env:'.length) : [],
  );
  return [...DEFAULTS, ...named];
}
