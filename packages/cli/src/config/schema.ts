// The JSON schema of a configuration, for editors; made of the table of options, and kept as a file of the package.
import { KIND_ABOUT, KINDS, SERVICE_NAME, SERVICE_OPTIONS } from '../services/options.js';
import type { OptionForm, OptionSpec } from '../services/options.js';
import type { ServiceKind } from '../services/types.js';

type Schema = Readonly<Record<string, unknown>>;

const SECRET: Schema = {
  type: 'string',
  pattern: '^((env|file|command):.+|keyring:[^:]+:.+|prompt)$',
  description: 'where the secret is: env:NAME, file:PATH, command:LINE, keyring:HELPER:ENTRY or prompt',
};
const TEXTS: Schema = { type: ['string', 'array'], items: { type: 'string' } };

const FORMS: Readonly<Record<Extract<OptionForm, string>, Schema>> = {
  text: { type: 'string' },
  path: { type: 'string' },
  url: { type: 'string', format: 'uri' },
  words: TEXTS,
  pairs: { type: 'object', additionalProperties: TEXTS },
  switch: { type: 'boolean' },
  port: { type: 'integer', minimum: 1, maximum: 65_535 },
  secret: { $ref: '#/definitions/secret' },
};

/** Draft 7, which every editor reads. */
export function configSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'axios-authorizer.config.json',
    type: 'object',
    required: ['services'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      services: {
        type: 'object',
        propertyNames: { pattern: SERVICE_NAME.source, not: { enum: KINDS } },
        additionalProperties: { oneOf: KINDS.map((kind) => ({ $ref: `#/definitions/${kind}` })) },
      },
      storeKey: { $ref: '#/definitions/secret' },
    },
    definitions: { secret: SECRET, ...Object.fromEntries(KINDS.map((kind) => [kind, schemaOf(kind)])) },
  };
}

function schemaOf(kind: ServiceKind): Schema {
  const options = Object.entries(SERVICE_OPTIONS[kind]);
  return {
    description: KIND_ABOUT[kind],
    type: 'object',
    required: ['kind', ...options.filter(([, { needed }]) => needed).map(([name]) => name)],
    additionalProperties: false,
    properties: {
      kind: { const: kind },
      ...Object.fromEntries(options.map(([name, spec]) => [name, propertyOf(spec)])),
    },
  };
}

function propertyOf({ form, about }: OptionSpec): Schema {
  const shape = typeof form === 'string' ? FORMS[form] : { enum: form };
  return { ...shape, description: about };
}
