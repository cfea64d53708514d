// What an export left: which files, under which names they are kept here, and whether they want the token.

/** The lists of a manifest, and how their files are called here. */
const lists = [
  ['output', ''],
  ['deleted', 'deleted-'],
  ['error', 'error-'],
];

/** The server sends us where the token may not go. */
export class NotAllowedError extends Error {}

/**
 * @param allow URL prefixes that may see the token
 * @returns the files, and whether a token goes along
 * @throws Error when the manifest makes no sense, or its files want a token where none may go
 */
export function readManifest(manifest, { statusUrl, allow }) {
  if (!Array.isArray(manifest?.output)) throw new Error('The server gave no manifest: it has no list `output`');
  const files = lists.flatMap(([list, prefix]) => filesOf(manifest[list], { list, prefix, statusUrl }));
  const withToken = manifest.requiresAccessToken !== false;
  if (withToken) files.forEach(({ url }) => assertAllowed(url, allow));
  return { files, withToken, transactionTime: manifest.transactionTime };
}

/** @throws NotAllowedError where the token may not go; the client would go there all the same, without it, for a 401 */
export function assertAllowed(url, allow) {
  if (allow.some((prefix) => covers(new URL(prefix), url))) return;
  throw new NotAllowedError(
    `The server sends us to ${url.origin} with the access token. If that is right, say --allow-files ${url.origin}`,
  );
}

function filesOf(entries, { list, prefix, statusUrl }) {
  return Array.from(entries ?? [], (entry, index) => ({
    list,
    name: `${prefix}${safe(entry?.type)}-${index + 1}.ndjson`,
    url: urlOf(entry?.url, statusUrl),
    count: Number.isInteger(entry?.count) ? entry.count : undefined,
  }));
}

/** A name of our own making: one from the URL could lead out of the directory. */
function safe(type) {
  return typeof type === 'string' && /^[A-Za-z]{1,60}$/.test(type) ? type : 'Unknown';
}

function urlOf(text, base) {
  const url = typeof text === 'string' && URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (/^https?:$/.test(url?.protocol)) return url;
  throw new Error('A file of the manifest has no URL of http or https');
}

function covers({ origin, pathname }, url) {
  const path = pathname.replace(/\/+$/, '');
  return url.origin === origin && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}
