// Reading TypeScript files for the checks: which there are, what their syntax tree says, where a node stands.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', 'fixtures']);

/** The files under `folder` whose names match, sorted; none when the folder does not exist. */
export function filesUnder(folder, pattern) {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesUnder(join(folder, entry.name), pattern);
    return pattern.test(entry.name) ? [join(folder, entry.name)] : [];
  });
  return found.toSorted();
}

/** The folders directly in `folder`, by name. */
export function foldersIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

export function parse(file) {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** Calls `visit` with every node of the tree. */
export function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** `file:line` of a node, relative to `root`, as editors open it. */
export function placeOf(node, root) {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return `${relative(root, source.fileName).split(sep).join('/')}:${line + 1}`;
}
