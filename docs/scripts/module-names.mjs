// Orders the API pages as a program sees the packages: a module is called what one writes to import it
// ("@axios-authorizer/core/node", not "core/src/node"), and its names are grouped by the folder of their sources.
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

const ENTRY = /^([^/]+)\/src(?:\/.+)?$/;
/** What a folder of sources (a room) is about; with the package before it where that matters. */
const ROOMS = {
  authorizer: 'The authorizer',
  axios: 'On an axios client',
  cache: 'Cache',
  'cli/commands': 'Configuration',
  'cli/config': 'Configuration',
  'cli/services': 'Configuration',
  'cognito/pool': 'User pool',
  'core/.': 'The authorizer',
  devices: 'Devices',
  'hosted-ui': 'Hosted UI',
  internal: 'Clock and platform',
  keys: 'Keys',
  lifecycle: 'The authorizer',
  login: 'Login',
  oauth2: 'OAuth 2',
  pool: 'Many authorizers',
  request: 'Requests',
  session: 'Session',
  sessions: 'Sessions',
  'sign-in': 'Sign-in',
  srp: 'Sign-in',
  token: 'Tokens, stores and errors',
};
const EXPORTED =
  ReflectionKind.ClassOrInterface |
  ReflectionKind.FunctionOrMethod |
  ReflectionKind.Variable |
  ReflectionKind.TypeAlias;

export function load(application) {
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      module.name = importName(module.name);
      for (const reflection of module.children ?? []) categorize(reflection, project);
    }
  });
}

/** An entry is called by its last part: core/src/node/index.ts is core/node, cognito/src/node/verify.ts is cognito/verify. */
function importName(name) {
  const folder = ENTRY.exec(name)?.[1];
  if (folder === undefined) throw new Error(`The module ${name} is in no package`);
  const entry = name.split('/').at(-1);
  return `@axios-authorizer/${folder}${entry === 'src' ? '' : `/${entry}`}`;
}

function categorize(reflection, project) {
  if (!reflection.kindOf(EXPORTED)) return;
  const file = project.getSymbolIdFromReflection(reflection)?.fileName.replaceAll('\\', '/') ?? '';
  const [, folder, room] = /\/packages\/([^/]+)\/src\/(?:([^/]+)\/)?[^/]+/.exec(file) ?? [];
  if (folder === undefined) return;
  const category = ROOMS[`${folder}/${room ?? '.'}`] ?? ROOMS[room] ?? 'Client and options';
  const owners = reflection.signatures ?? [reflection];
  for (const one of owners) {
    one.comment ??= new Comment();
    one.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: category }]));
  }
}
