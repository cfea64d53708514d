// In what forms a secret may be written: as it is, with the escapes of JSON, URLs, forms and HTML, in base64 and in hex.

// A multi-line secret, a PEM key for instance, is broken up when printed: then each line of some length is looked for.
const minLine = 16;
// What is shorter is found by chance in any base64 text.
const minBase64 = 6;

const html: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Everything that `secret` may look like in a text; a string that is empty would be found everywhere. */
export function formsOf(secret: string): readonly string[] {
  if (secret === '') {
    throw new Error('An empty string is no secret: pass the value that must not show');
  }
  const lines = secret.split(/\r?\n/);
  const parts = lines.length === 1 ? [secret] : lines.filter((line) => line.length >= minLine);
  return [...new Set([secret, ...parts.flatMap(encodings)])];
}

function encodings(text: string): readonly string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const form = new URLSearchParams({ text }).toString().slice('text='.length);
  const percent = [encodeURIComponent(text), encodeURIComponent(encodeURIComponent(text)), form];
  const lowerCase = percent.map((one) => one.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase()));
  const inHtml = text.replaceAll(/[&<>"']/g, (sign) => html[sign] ?? sign);
  return [text, escaped, ...percent, ...lowerCase, inHtml, ...inBase64(text), ...inHex(text)];
}

/** What of base64 depends on the secret alone, wherever it stands in what was encoded; in both alphabets. */
function inBase64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const whole = bytes.toString('base64').replaceAll('=', '');
  const within = [1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const cut = whole.slice(0, Math.floor((bytes.length * 8) / 6));
  const forms = [whole, cut, ...within].filter(({ length }) => length >= minBase64);
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

function inHex(secret: string): readonly string[] {
  const hex = Buffer.from(secret).toString('hex');
  return [hex, hex.toUpperCase(), hex.replaceAll(/..(?!$)/g, '$& ')];
}
