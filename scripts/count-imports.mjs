// How deep the imports of core go, how many of its exports only core itself sees (types left out of both), and how many files lie in each folder.
// Run: npm run count:imports. Prints counts; lint:repo holds what must hold.
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { filesUnder, parse } from './lib/typescript-files.mjs';

const folder = fileURLToPath(new URL('../packages/core/src', import.meta.url));
const files = filesUnder(folder, /\.ts$/);
const nameOf = (file) => relative(folder, file).split(sep).join('/');
const FACES = new Set(['index.ts', 'extend.ts', 'browser/index.ts', 'node/index.ts', 'opentelemetry/index.ts']);

const statements = new Map(files.map((file) => [file, [...parse(file).statements]]));
const targetsOf = (file) =>
  statements.get(file).flatMap((statement) => {
    const text = isOfTypes(statement) ? undefined : statement.moduleSpecifier?.text;
    return text?.startsWith('.') ? [resolve(dirname(file), text).replace(/\.js$/, '.ts')] : [];
  });

function isOfTypes({ isTypeOnly, importClause, kind }) {
  const declaresType = kind === ts.SyntaxKind.InterfaceDeclaration || kind === ts.SyntaxKind.TypeAliasDeclaration;
  return declaresType || isTypeOnly || importClause?.isTypeOnly;
}

const depths = new Map();
function depthOf(file) {
  if (!depths.has(file)) depths.set(file, 1 + Math.max(0, ...targetsOf(file).map(depthOf)));
  return depths.get(file);
}

function exportsOf(file) {
  return statements.get(file).flatMap((statement) => {
    if (isOfTypes(statement) || !ts.canHaveModifiers(statement)) return [];
    if (!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    const named = statement.declarationList?.declarations ?? [statement];
    return named.map(({ name }) => name?.text);
  });
}

/** The names that a face shows, as their own file calls them. */
function shownBy(file) {
  return statements.get(file).flatMap(({ kind, exportClause, moduleSpecifier }) => {
    if (kind !== ts.SyntaxKind.ExportDeclaration) return [];
    if (exportClause === undefined)
      return exportsOf(resolve(dirname(file), moduleSpecifier.text).replace(/\.js$/, '.ts'));
    return exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
  });
}

/** What stands in for a file in bundles for browsers exports what that file does. */
const isStandIn = (file) => basename(file).startsWith('no-');

const faces = files.filter((file) => FACES.has(nameOf(file)));
const shown = new Set(faces.flatMap(shownBy));
const inside = files.filter((file) => !FACES.has(nameOf(file)) && !isStandIn(file)).flatMap(exportsOf);
const folders = [...new Set(files.map((file) => dirname(nameOf(file))))];

for (const face of faces) console.log(`import depth: ${depthOf(face)} files, down from ${nameOf(face)}`);
console.log(`exports: ${inside.length}, of which ${inside.filter((name) => !shown.has(name)).length} only core sees`);
for (const name of folders)
  console.log(`${join('src', name)}: ${files.filter((file) => dirname(nameOf(file)) === name).length} files`);
