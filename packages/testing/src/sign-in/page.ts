// The pages on which a person decides: one question, two buttons. What a request brought along is text on them, never markup.
import type { Answer } from '../server/answer.js';
import { parametersOf } from '../server/request.js';
import type { Received } from '../server/loopback.js';

/** What becomes of sign-ins: a page asks, or they are decided at once. */
export type SignIns = 'ask' | 'approve' | 'decline';

/** What the person says: on the page, or by `approve` or `decline` in the URL; else what is said for all sign-ins. */
export function decisionOf(request: Received, signIns: SignIns): SignIns {
  const params = parametersOf(request);
  if (params.has('decline')) return 'decline';
  return params.has('approve') ? 'approve' : signIns;
}

/** A question; its buttons send the form to the same URL. */
export function askingPage(question: string): Answer {
  const buttons = ['Approve', 'Decline'].map(
    (text) => `<button name="${text.toLowerCase()}" value="">${text}</button>`,
  );
  return page(`<p>${escaped(question)}</p><form method="post">${buttons.join(' ')}</form>`);
}

/** Where a code is typed in that another device shows. */
export function codePage(): Answer {
  const field = '<input name="user_code" autofocus required autocomplete="off">';
  return page(`<form><label>The code that the device shows: ${field}</label> <button>Next</button></form>`);
}

/** @param status of the answer */
export function messagePage(message: string, status = 200): Answer {
  return page(`<p>${escaped(message)}</p>`, status);
}

function page(content: string, status = 200): Answer {
  const style =
    'body{font:1rem/1.5 system-ui;margin:4rem auto;max-width:32rem;padding:0 1rem}button,input{font:inherit}';
  const head = `<meta name="viewport" content="width=device-width"><title>Sign in</title><style>${style}</style>`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
    text: `<!doctype html><html lang="en">${head}<h1>Sign in</h1>${content}</html>\n`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
