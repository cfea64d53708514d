// Whoever hovers over a public name sees how it is used: every class, function and constant that a published package exports
// has a docstring with an `@example`, and every example compiles. Run after a build: node scripts/check-examples.mjs
//
// An example may use every public name of the family without importing it, and what PREAMBLE declares.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { foldersIn } from './lib/typescript-files.mjs';

const PREAMBLE = `
import type { AxiosInstance } from 'axios';
import type { Authorizer, ClientAuth, Token, TokenSource } from '@axios-authorizer/core';
import type { Session } from '@axios-authorizer/itkdb-user';
import type { TokenEndpoint } from '@axios-authorizer/testing';
declare global {
  /** An axios instance of the application's own. */
  const client: AxiosInstance;
  const authorizer: Authorizer;
  const source: TokenSource;
  const token: Token;
  const clientAuth: ClientAuth;
  /** Of the ITk production database. */
  const session: Session;
  /** The one that a test has started. */
  const endpoint: TokenEndpoint;
  const tokenUrl: string;
  const authorizationUrl: string;
  const deviceAuthorizationUrl: string;
  const clientId: string;
  const clientSecret: string;
  const password: string;
  /** What a request was rejected with. */
  const error: unknown;
}
`;
const TSC = join(dirname(createRequire(import.meta.url).resolve('@typescript/native/package.json')), 'bin/tsc');
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Inside the repository, so that an example finds the packages as a user's program does; a folder that git ignores.
const work = join(root, 'node_modules/.cache/docstring-examples', String(process.pid));

/** The entries of the published packages: the name that a program imports, and the declarations that its compiler reads. */
function entries() {
  return foldersIn(join(root, 'packages')).flatMap((folder) => {
    const place = join(root, 'packages', folder);
    const { name, private: isPrivate, exports } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    if (isPrivate) return [];
    return Object.entries(exports).flatMap(([entry, { import: target }]) =>
      target === undefined ? [] : [{ from: join(name, entry), types: join(place, target.types) }],
    );
  });
}

/** What an entry exports, types left out: name, where it comes from, and the examples of its docstring. */
function valuesOf({ from, types }, program) {
  const checker = program.getTypeChecker();
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(types));
  return checker.getExportsOfModule(symbol).flatMap((exported) => {
    const real = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (!(real.flags & ts.SymbolFlags.Value)) return [];
    const [declaration] = real.declarations;
    const isNamespace = (real.flags & ts.SymbolFlags.ValueModule) !== 0; // its members have their own
    return [
      { name: exported.name, from, declaration, isNamespace, examples: real.getJsDocTags(checker).flatMap(exampleOf) },
    ];
  });
}

function exampleOf({ name, text }) {
  const code = name === 'example' && /^```ts\n(?<code>[\s\S]*?)^```/m.exec(ts.displayPartsToString(text))?.groups.code;
  return code ? [code] : [];
}

/** The example as a module of its own, with the public names that it uses imported: of its own entry, where several have one. */
function moduleOf({ code, from: own }, values) {
  const used = values.filter(({ name }) => new RegExp(`(?<![.\\w])${name}\\b(?!:)`).test(code));
  const ownLast = used.toSorted((a, b) => Number(a.from === own) - Number(b.from === own));
  const imports = [...new Map(ownLast.map((value) => [value.name, value])).values()].filter(
    ({ name }) => !new RegExp(`(?:import|const|function|class) (?:\\{[^}]*\\b)?${name}\\b`).test(code),
  );
  return [...imports.map(({ name, from }) => `import { ${name} } from '${from}';`), code, 'export {};', ''].join('\n');
}

/** @returns the compiler's complaints */
function compile(modules) {
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(work, 'preamble.d.ts'), PREAMBLE);
  for (const [name, code] of modules) writeFileSync(join(work, name), code);
  const language = { module: 'nodenext', target: 'es2022', lib: ['es2023', 'dom'], types: ['node'], noEmit: true };
  const care = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: true };
  const files = ['preamble.d.ts', ...modules.keys()];
  writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...language, ...care }, files }));
  try {
    execFileSync(process.execPath, [TSC, '-p', work, '--pretty', 'false'], { encoding: 'utf8', cwd: work });
    return [];
  } catch ({ stdout }) {
    return stdout.trim().split('\n');
  }
}

function placeOf({ declaration, name, from }) {
  const source = declaration.getSourceFile();
  return `${name} of ${from} (${relative(root, source.fileName)})`;
}

function main() {
  const faces = entries();
  const program = ts.createProgram({ rootNames: faces.map(({ types }) => types), options: { skipLibCheck: true } });
  const values = faces.flatMap((face) => valuesOf(face, program));
  const bare = values.filter(({ examples, isNamespace }) => examples.length === 0 && !isNamespace);
  for (const value of bare) console.error(`no @example: ${placeOf(value)}`);
  const modules = new Map(
    // numbered: on some file systems the files of `manualClock` and `ManualClock` were one
    values.flatMap(({ name, from, examples }, number) =>
      examples.map((code, at) => [
        `${number}-${from}-${name}-${at}.ts`.replaceAll(/[^\w.-]/g, '-'),
        moduleOf({ code, from }, values),
      ]),
    ),
  );
  const complaints = compile(modules);
  for (const line of complaints) console.error(line);
  console.log(`${values.length} public names, ${bare.length} without an example; ${modules.size} examples compiled`);
  return bare.length === 0 && complaints.length === 0;
}

try {
  process.exitCode = main() ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
