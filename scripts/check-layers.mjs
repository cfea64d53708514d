// Holds the arrows of the architecture: who may import whom, where Node and the environment may be touched.
// Run: node scripts/check-layers.mjs [root]. Prints each violation as file:line and fails.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { filesUnder, foldersIn, parse, placeOf, walk } from './lib/typescript-files.mjs';

const SCOPE = '@axios-authorizer';

/** The rooms of core: each folder, and the root's single files, by what they may import. A folder within a room is part of it. */
export const CORE_ROOMS = {
  internal: [],
  token: ['internal'],
  lifecycle: ['internal', 'token'],
  request: ['internal', 'token', 'lifecycle'],
  oauth2: ['internal', 'token', 'request'],
  authorizer: ['internal', 'token', 'lifecycle', 'request'],
  'authorizer.ts': ['authorizer', 'internal', 'token', 'lifecycle', 'request'],
  pool: ['authorizer.ts', 'authorizer', 'internal', 'token', 'lifecycle'],
  axios: ['authorizer.ts', 'authorizer', 'internal', 'token', 'lifecycle', 'request'],
  dpop: ['internal', 'token'],
  fetch: ['authorizer.ts', 'authorizer', 'internal', 'token', 'lifecycle', 'request'],
  sessions: ['axios', 'authorizer.ts', 'authorizer', 'oauth2', 'internal', 'token', 'lifecycle', 'request'],
  'extend.ts': ['axios', 'oauth2', 'internal', 'token', 'lifecycle', 'request'],
  'index.ts': ['sessions', 'pool', 'axios', 'authorizer.ts', 'oauth2', 'internal', 'token', 'lifecycle', 'request'],
  // Entry points of their own. What has an identity (a class, an error) they take from the public face, so that there is one of it.
  node: ['index.ts', 'extend.ts', 'internal', 'token'],
  browser: ['index.ts', 'extend.ts', 'internal', 'token'],
  opentelemetry: ['index.ts', 'extend.ts', 'internal', 'token'],
};
/** What of core knows the HTTP client. */
const AXIOS_ROOMS = ['axios', 'sessions', 'oauth2'];
const MOST_FILES = 15;
const MOST_LINES = 250;

/** Which packages of the family the sources of a package may import; there are no sideways arrows. */
const ARROWS = {
  core: [],
  testing: ['core'],
  'test-kit': ['testing'],
  'smart-backend': ['core'],
  'itkdb-user': ['core'],
  cognito: ['core'],
  redis: ['core'],
  cli: ['core', 'smart-backend', 'itkdb-user', 'cognito', 'redis', 'testing'],
};

/** These run in browsers: Node's modules only under src/node/, and there only what is listed as a dependency. */
const BROWSER_PACKAGES = { core: ['axios'], cognito: undefined };
/** What not every program needs, by the only folder that may load it: it stays out of the bundles of all others. */
const HOMES = { core: { '@opentelemetry/api': 'opentelemetry', 'axios-retry': join('axios', 'retry') } };
const MAY_READ_ENVIRONMENT = { packages: ['cli', 'test-kit'], file: 'settings.ts' };
const MAY_PRINT = ['cli'];

/** @returns every violation under `root` as `file:line what is wrong` */
export function findViolations(root, rooms = CORE_ROOMS) {
  const names = foldersIn(join(root, 'packages'));
  return [
    ...names.flatMap((name) => checkSources(root, name)),
    ...names.flatMap((name) => checkSurroundings(root, join('packages', name))),
    ...['bench', ...foldersIn(join(root, 'examples')).map((name) => join('examples', name))].flatMap((folder) =>
      checkSurroundings(root, folder),
    ),
    ...checkRooms(root, rooms),
    ...names.flatMap((name) => [...checkCycles(root, name), ...checkSizes(root, name)]),
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
  const home = HOMES[name]?.[specifier];
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

function checkRooms(root, rooms) {
  const folder = join(root, 'packages/core/src');
  const roomOf = (file) => relative(folder, file).split(sep)[0];
  return filesUnder(folder, /\.ts$/).flatMap((file) => {
    const room = roomOf(file);
    const place = relative(root, file).split(sep).join('/');
    const { [room]: allowed } = rooms;
    if (allowed === undefined) return [`${place}:1 stands in no room of scripts/check-layers.mjs`];
    return importsOf(parse(file)).flatMap(({ node, specifier }) => {
      if (specifier === 'axios' && room in rooms && !AXIOS_ROOMS.includes(room))
        return [say(node, root, `${room} does not know axios`)];
      if (!specifier.startsWith('.')) return [];
      const target = roomOf(resolve(dirname(file), specifier).replace(/\.js$/, '.ts'));
      return target === room || allowed.includes(target) ? [] : [say(node, root, `${room} may not import ${target}`)];
    });
  });
}

/** No file imports itself by way of others, types included. */
function checkCycles(root, name) {
  const files = filesUnder(join(root, 'packages', name, 'src'), /\.ts$/);
  const targets = new Map(files.map((file) => [file, localImportsOf(file)]));
  const done = new Set();
  const found = [];
  const visit = (file, path) => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file]);
    if (done.has(file) || path.includes(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found.map((cycle) => `${cycle.map((file) => relative(root, file)).join(' -> ')}: a cycle of imports`);
}

function localImportsOf(file) {
  return importsOf(parse(file)).flatMap(({ specifier }) =>
    specifier.startsWith('.') ? [resolve(dirname(file), specifier).replace(/\.js$/, '.ts')] : [],
  );
}

/** A folder that cannot be taken in at a glance hides what is in it, and so does a file. */
function checkSizes(root, name) {
  const files = filesUnder(join(root, 'packages', name, 'src'), /\.ts$/);
  const crowded = [...new Set(files.map((file) => dirname(file)))].flatMap((folder) => {
    const count = files.filter((file) => dirname(file) === folder).length;
    return count > MOST_FILES ? [`${relative(root, folder)}: ${count} files in one folder, ${MOST_FILES} at most`] : [];
  });
  const long = files.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    return lines > MOST_LINES ? [`${relative(root, file)}: ${lines} lines, ${MOST_LINES} at most`] : [];
  });
  return [...crowded, ...long];
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
