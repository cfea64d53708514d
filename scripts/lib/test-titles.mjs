// The titles of the tests in a file, as they are written: of it('…'), test('…'), it.each([…])('…') and describe('…').
import ts from 'typescript';
import { parse, walk } from './typescript-files.mjs';

export const TITLED = new Set(['describe', 'it', 'test']);

/** @returns the text of each title that is a plain one */
export function titlesIn(file) {
  const titles = [];
  walk(parse(file), (node) => {
    const [title] = ts.isCallExpression(node) && TITLED.has(calleeOf(node)) ? node.arguments : [];
    if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
  });
  return titles;
}

/** The first name of a callee: `it` in it('…'), it.each([…])('…') and it.each`…`('…'). */
export function calleeOf(node) {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) return calleeOf(node.expression);
  return ts.isTaggedTemplateExpression(node) ? calleeOf(node.tag) : '';
}
