// Makes docs/errors.md: one heading for each `code` that an error of the family can have, with what happened and what to do. The
// texts are those of the docstrings in `AuthErrorCodes`, where packages declare their codes: "What happened: what to do."
// Run: node scripts/errors-page.mjs [--update]. Without --update it only compares, and fails when the page is not what it should be.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import ts from 'typescript';
import { filesUnder, foldersIn, parse, placeOf, walk } from './lib/typescript-files.mjs';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/errors.md');
/** What happened, and after it what to do. */
const TEXT = /^(?<happened>.+?)[:;] (?<todo>.+?)\.?$/;
const INTRODUCTION = `---
title: Errors
description: Every code that an error of the family can have, what happened, and what to do.
outline: 2
---

<!-- Made by npm run docs:errors from the docstrings of AuthErrorCodes. -->

# Errors

When a request gets no token, it rejects with an \`AuthenticationError\`. Its \`kind\` says what to do, and its \`code\` says what happened. An answer of the API itself stays axios's own error; where a token was the reason, \`error.cause.code\` is one of these codes.

| \`kind\` | what to do |
| --- | --- |
| \`credentials\` | ask a person: the client or the user was refused |
| \`session\` | sign in again |
| \`unavailable\` | try later; \`retryAfterMs\` says when, where that is known |
| \`configuration\` | fix the program or its settings |

\`\`\`ts
import axios from 'axios';
import { attachAuth, Authorizer, isAuthenticationError } from '@axios-authorizer/core';

const authorizer = new Authorizer(async () => Promise.reject(new Error('no badge')));
const { API_URL = '' } = process.env;
const api = axios.create({ baseURL: API_URL });
attachAuth(api, authorizer);
try {
  await api.get('/patients');
} catch (error) {
  if (!isAuthenticationError(error)) throw error;
  console.log(error.code, error.kind); // prints: source_failed unavailable
}
\`\`\`

`;
/** Where each package's codes are, in the order of the page. */
const TITLES = {
  core: 'Of every package',
  'smart-backend': 'SMART Backend Services',
  cognito: 'Cognito',
  'itkdb-user': 'ITk database',
  redis: 'Redis',
};

/** @returns the declared codes of a package, with what their docstrings say and where they stand */
export function codesOf(folder) {
  const found = [];
  for (const file of filesUnder(join(folder, 'src'), /\.ts$/))
    walk(parse(file), (node) => {
      if (ts.isInterfaceDeclaration(node) && node.name.text === 'AuthErrorCodes')
        found.push(...node.members.map((member) => codeOf(member, folder)));
    });
  return found;
}

function codeOf(member, folder) {
  const said = ts.getTextOfJSDocComment(ts.getJSDocCommentsAndTags(member)[0]?.comment) ?? '';
  const text = said.replaceAll(/\s+/g, ' ').trim();
  return { code: member.name.getText(), place: placeOf(member, folder), ...TEXT.exec(text)?.groups };
}

function pageOf(packages) {
  const parts = packages.map(
    ({ name, codes }) =>
      `## ${TITLES[name] ?? name} {#package-${name}}\n\nFrom \`@axios-authorizer/${name}\`.\n\n${codes.map(entry).join('\n')}`,
  );
  return format(INTRODUCTION + parts.join('\n'), { filepath: page, printWidth: 120, singleQuote: true });
}

function entry({ code, happened, todo = '' }) {
  return `### \`${code}\` {#${code}}\n\n${happened}.\n\n**What to do:** ${todo[0]?.toUpperCase()}${todo.slice(1)}.\n`;
}

/** The packages that declare codes, those of TITLES first. */
function packagesWithCodes() {
  const names = foldersIn(join(root, 'packages'));
  const ordered = [...new Set([...Object.keys(TITLES), ...names])];
  return ordered
    .map((name) => ({ name, codes: codesOf(join(root, 'packages', name)) }))
    .filter(({ codes }) => codes.length > 0);
}

/** @returns the codes that the page cannot explain, or that two packages declare, each as a sentence */
export function problemsOf(packages) {
  const codes = packages.flatMap((one) => one.codes.map((code) => ({ ...code, package: one.name })));
  const silent = codes.filter(({ todo }) => todo === undefined);
  const twice = codes.filter(({ code }, index) => codes.findIndex((other) => other.code === code) !== index);
  return [
    ...silent.map(
      (one) => `packages/${one.package}/${one.place}: ${one.code} needs a docstring "What happened: what to do."`,
    ),
    ...twice.map((one) => `packages/${one.package}/${one.place}: ${one.code} is declared by another package as well`),
  ];
}

async function main() {
  const packages = packagesWithCodes();
  const problems = problemsOf(packages);
  const text = await pageOf(packages);
  if (process.argv.includes('--update') && problems.length === 0) writeFileSync(page, text);
  else if (text !== readFileSync(page, 'utf8')) problems.push('docs/errors.md is stale: run npm run docs:errors');
  for (const problem of problems) console.error(problem);
  console.log(`${packages.flatMap(({ codes }) => codes).length} codes of errors, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
