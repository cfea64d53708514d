// The name that an answer gives its file, as a name and nothing else: it comes from whoever uploaded the file.
import { asString, recordOf } from '@axios-authorizer/core/extend';

/** The name in Content-Disposition (RFC 6266, RFC 8187), without folders and control characters; undefined when there is none. */
export function fileNameIn(headers: unknown): string | undefined {
  const header = asString(recordOf(headers)['content-disposition']) ?? '';
  const parameters = parametersOf(header);
  const extended = decoded(parameters.get('filename*') ?? '');
  return bare(extended ?? asSent(parameters.get('filename') ?? ''));
}

/** One parameter after another, since the text of one may look like the next. */
function parametersOf(header: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const parameter = /;\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)\s*/y;
  parameter.lastIndex = Math.max(0, header.indexOf(';'));
  for (let match = parameter.exec(header); match !== null; match = parameter.exec(header)) {
    const [, name = '', value = ''] = match;
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), unquoted(value.trim()));
  }
  return found;
}

/** Only quotes and backslashes are taken as escaped, so that a path of Windows keeps its parts. */
function unquoted(value: string): string {
  const [, text] = /^"(.*)"$/s.exec(value) ?? [];
  return text === undefined ? value : text.replace(/\\(["\\])/g, '$1');
}

/** charset'language'percent-encoded text, RFC 8187 section 3.2; undefined when it is no such text. */
function decoded(value: string): string | undefined {
  const [, charset = '', text = ''] = /^(utf-8|iso-8859-1)'[^']*'(.*)$/is.exec(value) ?? [];
  try {
    if (charset === '') return undefined;
    return charset.toLowerCase() === 'utf-8' ? decodeURIComponent(text) : unescaped(text);
  } catch {
    return undefined;
  }
}

function unescaped(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** Node reads headers as ISO 8859-1, and servers write them in UTF-8. */
function asSent(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

function bare(path: string): string | undefined {
  const name = (path.split(/[/\\]/).at(-1) ?? '').replace(/\p{C}/gu, '').trim();
  return name === '' || name === '.' || name === '..' ? undefined : name;
}
