// Holds the arrows of the architecture: who may import whom, where Node and the environment may be touched.
// Run: node scripts/check-layers.mjs [root]. Prints each violation as file:line and fails.
import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { filesUnder, foldersIn, parse, placeOf, walk } from './lib/typescript-files.mjs';

const SCOPE = '@axios-authorizer';

/** Inside core a file imports only from its own row and the rows above it; every file stands in exactly one row. */
export const CORE_ROWS = [
  ['members', 'base64', 'recent', 'object-search', 'tls-failure'],
  ['streams', 'page', 'held-transport', 'safe-cause', 'redact', 'network-failure', 'no-tls-failure'],
  ['http-answer'],
  ['errors'],
  ['axios-version', 'error-cause', 'platform-url'],
  ['oauth-error'],
  ['source-failure'],
  ['token-endpoint-error'],
  ['token', 'jwt', 'clock', 'observer', 'challenge', 'form-parameters', 'credential-text'],
  ['token-reading'],
  ['key-cache'],
  ['token-source', 'token-store', 'request-scope', 'sent-secrets', 'redacted-error'],
  ['authorizer-options', 'cool-down', 'lifecycle-errors', 'retry-policy', 'token-age'],
  ['useless-refreshes'],
  ['lease', 'rests', 'session', 'single-flight', 'store-errors', 'store-look', 'token-answer', 'token-report', 'turns'],
  ['store-access'],
  ['acquisition-task'],
  ['held-token', 'lost-saves'],
  ['source-access'],
  ['acquisition'],
  ['observed-acquisition'],
  ['token-keeper'],
  ['lifecycle'],
  ['engine'],
  ['authorizer', 'unanswered'],
  ['axios-config', 'caller-limits'],
  ['shown-config', 'journey', 'raw-body', 'raw-request'],
  ['hop'],
  ['http-adapter'],
  ['bare-client'],
  ['form-post'],
  ['client-auth', 'endpoint-failure'],
  ['token-lifetime'],
  ['token-endpoint', 'introspection'],
  ['oauth2-sources', 'authorization-code-source'],
  ['no-http-adapter', 'clean-answers'],
  ['request-body', 'retried-session', 'unauthorized'],
  ['redirects', 'fetch-for-xhr'],
  ['trip'],
  ['sending', 'refusal', 'not-allowed'],
  ['authorised-transport'],
  ['wrapped-adapter'],
  ['auth-interceptors'],
  ['attach-auth'],
  ['client-session', 'compose-clients'],
  ['refreshable-jwt', 'bearer-auth'],
  ['refreshable-jwt-session'],
  ['legacy'],
  ['index'],
  ['node/lock-owner', 'node/entry-cipher'], // on the public face: the two entry points share one copy of every class
  ['node/platform'],
  ['node/owned-file', 'node/leftovers'],
  ['node/claim', 'node/store-document'],
  ['node/stored-token'],
  ['node/file-lock', 'node/private-folder'],
  ['node/store-file'],
  ['node/token-entry'],
  ['node/file-token-store'],
  ['node/index'],
  ['opentelemetry/attributes', 'opentelemetry/instruments', 'opentelemetry/speakers'],
  ['opentelemetry/event-spans', 'opentelemetry/token-lives'],
  ['opentelemetry/event-metrics'],
  ['opentelemetry/open-telemetry-observer'],
  ['opentelemetry/index'],
];

/** Which packages of the family the sources of a package may import; there are no sideways arrows. */
const ARROWS = {
  core: [],
  'test-kit': [],
  'smart-backend': ['core'],
  'itkdb-user': ['core'],
  cognito: ['core'],
  redis: ['core'],
  cli: ['core', 'smart-backend', 'itkdb-user', 'cognito', 'redis'],
};

/** These run in browsers: Node's modules only under src/node/, and there only what is listed as a dependency. */
const BROWSER_PACKAGES = { core: ['axios', 'axios-retry'], cognito: undefined };
/** Optional peers, by the only folder that may load them: nobody else's program needs them. */
const OPTIONAL_PEERS = { core: { '@opentelemetry/api': 'opentelemetry' } };
const MAY_READ_ENVIRONMENT = { packages: ['cli', 'test-kit'], file: 'settings.ts' };
const MAY_PRINT = ['cli'];

/** @returns every violation under `root` as `file:line what is wrong` */
export function findViolations(root, rows = CORE_ROWS) {
  const names = foldersIn(join(root, 'packages'));
  return [
    ...names.flatMap((name) => checkSources(root, name)),
    ...names.flatMap((name) => checkSurroundings(root, join('packages', name))),
    ...['bench', ...foldersIn(join(root, 'examples')).map((name) => join('examples', name))].flatMap((folder) =>
      checkSurroundings(root, folder),
    ),
    ...checkRows(root, rows),
  ];
}

function checkSources(root, name) {
  const folder = join(root, 'packages', name);
  if (ARROWS[name] === undefined) return [`packages/${name}: not in the ARROWS of scripts/check-layers.mjs`];
  return filesUnder(join(folder, 'src'), /\.tsx?$/).flatMap((file) => {
    const source = parse(file);
    const place = { root, name, folder, file };
    return [...importsOf(source).flatMap((found) => checkImport(found, place)), ...checkGlobals(source, place)];
  });
}

/** What stands around the sources: tests, examples, benchmarks. They may import every package, but only by its name. */
function checkSurroundings(root, folder) {
  const files = filesUnder(join(root, folder), /\.(?:[cm]?js|[cm]?ts)$/).filter(
    (file) => !relative(join(root, folder), file).startsWith(`src${sep}`),
  );
  return files.flatMap((file) =>
    importsOf(parse(file)).flatMap((found) => checkReach(found, { root, folder: join(root, folder), file })),
  );
}

function checkImport(found, place) {
  const problem = checkFamily(found, place) ?? checkPlatform(found, place);
  return [...checkReach(found, place), ...(problem === undefined ? [] : [say(found.node, place.root, problem)])];
}

/** Another package is reached by its public name, never through the file system. */
function checkReach({ node, specifier }, { root, folder, file }) {
  const outside = specifier.startsWith('.') && relative(folder, join(dirname(file), specifier)).startsWith('..');
  if (outside) return [say(node, root, `'${specifier}' leaves the package; import it by its name`)];
  const inside = new RegExp(`^${SCOPE}/[^/]+/(?:src|dist)(?:/|$)`).test(specifier);
  return inside ? [say(node, root, `'${specifier}' reaches into another package's files`)] : [];
}

function checkFamily({ specifier }, { name }) {
  const other = new RegExp(`^${SCOPE}/([^/]+)`).exec(specifier)?.[1];
  if (other === undefined || ARROWS[name].includes(other)) return undefined;
  return `${name} may not import ${other}`;
}

function checkPlatform({ specifier }, { name, folder, file }) {
  if (!(name in BROWSER_PACKAGES) || specifier.startsWith('.') || specifier.startsWith(SCOPE)) return undefined;
  if (relative(folder, file).startsWith(join('src', 'node') + sep)) return undefined;
  if (isBuiltin(specifier)) return `'${specifier}' is Node's: only under src/node/`;
  const home = OPTIONAL_PEERS[name]?.[specifier];
  if (home !== undefined && relative(folder, file).startsWith(join('src', home) + sep)) return undefined;
  const allowed = BROWSER_PACKAGES[name];
  return allowed === undefined || allowed.includes(specifier)
    ? undefined
    : `${name} may not import '${specifier}' here`;
}

function checkGlobals(source, { root, name, file }) {
  const mayRead = MAY_READ_ENVIRONMENT.packages.includes(name) || basename(file) === MAY_READ_ENVIRONMENT.file;
  const problems = [];
  walk(source, (node) => {
    if (!mayRead && readsEnvironment(node))
      problems.push(say(node, root, 'the environment is read in settings.ts only'));
    if (!MAY_PRINT.includes(name) && isConsole(node)) problems.push(say(node, root, 'a library does not print'));
  });
  return problems;
}

/** `process.env`, `process['env']`, `globalThis.process.env`, `const { env } = process` and `import { env } from 'node:process'`. */
function readsEnvironment(node) {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'env' && isProcess(node.expression);
  if (ts.isElementAccessExpression(node))
    return (
      ts.isStringLiteralLike(node.argumentExpression) &&
      node.argumentExpression.text === 'env' &&
      isProcess(node.expression)
    );
  if (ts.isVariableDeclaration(node))
    return ts.isObjectBindingPattern(node.name) && node.initializer !== undefined && isProcess(node.initializer);
  return ts.isImportDeclaration(node) && /^(?:node:)?process$/.test(node.moduleSpecifier.text);
}

function isProcess(node) {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'process';
  return ts.isIdentifier(node) && node.text === 'process';
}

function isConsole(node) {
  const isMember = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  return isMember && ts.isIdentifier(node.expression) && node.expression.text === 'console';
}

function checkRows(root, rows) {
  const folder = join(root, 'packages/core/src');
  const rowOf = new Map(rows.flatMap((row, index) => row.map((name) => [name, index])));
  const files = filesUnder(folder, /\.ts$/);
  const nameOf = (file) =>
    relative(folder, file)
      .split(sep)
      .join('/')
      .replace(/\.[jt]s$/, '');
  const names = new Set(files.map(nameOf));
  return [
    ...rows
      .flat()
      .flatMap((name) => (names.has(name) ? [] : [`packages/core/src/${name}.ts:1 has a row, but is no file`])),
    ...duplicates(rows.flat()).map((name) => `packages/core/src/${name}.ts:1 stands in more than one row`),
    ...files.flatMap((file) => checkRow(file, { root, rowOf, nameOf })),
  ];
}

function checkRow(file, { root, rowOf, nameOf }) {
  const own = rowOf.get(nameOf(file));
  const place = relative(root, file).split(sep).join('/');
  if (own === undefined) return [`${place}:1 stands in no row of scripts/check-layers.mjs`];
  return importsOf(parse(file)).flatMap(({ node, specifier }) => {
    if (!specifier.startsWith('.')) return [];
    const target = nameOf(resolve(dirname(file), specifier));
    const row = rowOf.get(target);
    return row === undefined || row <= own ? [] : [say(node, root, `'${specifier}' stands in a row below`)];
  });
}

function duplicates(names) {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Every module a file names: import, export from, import type, import('x'), import('x').T and require('x'). */
function importsOf(source) {
  const found = [];
  walk(source, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) found.push({ node, specifier: specifier.text });
  });
  return found;
}

function specifierOf(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
  return isRequire || expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
}

function say(node, root, problem) {
  return `${placeOf(node, root)} ${problem}`;
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && resolve(process.argv[1]) === self) {
  const root = resolve(process.argv[2] ?? join(dirname(self), '..'));
  if (!existsSync(join(root, 'packages'))) throw new Error(`${root} has no packages folder`);
  const violations = findViolations(root);
  for (const violation of violations) console.error(violation);
  console.log(`${violations.length} violations of the layers`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
