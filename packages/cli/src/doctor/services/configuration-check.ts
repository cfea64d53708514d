// The first check of every service: is there all that its source needs, and does the source take it.
import { ok, failure } from '../check.js';
import type { Check } from '../check.js';

export interface ConfigurationOptions {
  /** What must be there, by the name of its setting. */
  readonly needed: Readonly<Record<string, unknown>>;
  /** Makes what the other checks use. @throws ConfigurationError */
  readonly make: () => void;
  /** What is said when all is well. */
  readonly found: () => string;
}

export function configurationCheck({ needed, make, found }: ConfigurationOptions): Check {
  return {
    id: 'configuration',
    title: 'Configuration',
    run: async () => {
      const missing = Object.keys(needed).filter((name) => needed[name] === undefined || needed[name] === '');
      if (missing.length > 0) return incomplete(missing);
      make();
      return ok(found());
    },
  };
}

function incomplete(missing: readonly string[]): ReturnType<typeof failure> {
  const names = missing.join(', ');
  return failure(
    'configuration',
    `${names} ${missing.length === 1 ? 'is' : 'are'} missing`,
    `give ${missing.length === 1 ? 'it' : 'them'} in the service of axios-authorizer.config, by option or by environment variable (see --help)`,
  );
}
