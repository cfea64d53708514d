// Answers with status 200 that are no answers: what a gateway, a proxy or a cut connection leaves of one. Whoever takes them
// for an empty list loses data without a word.

import type { Answer } from '@axios-authorizer/testing/extend';

const json = { 'content-type': 'application/json; charset=utf-8' };
const html = { 'content-type': 'text/html; charset=utf-8' };

/** By what they are; for `Itkdb.nextApi`. */
export const itkdbStrangeAnswers: Readonly<Record<'page' | 'half' | 'empty' | 'noList', Answer>> = {
  page: { headers: html, text: '<html><title>Sign in</title></html>' },
  half: { headers: json, text: '{"pageItemList":[{"code":"c0"},{"co' },
  empty: { headers: { ...json, 'transfer-encoding': 'chunked' }, text: '' },
  noList: { json: { uuAppErrorMap: {} } },
};
