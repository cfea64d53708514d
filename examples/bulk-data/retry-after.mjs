// How long a server asks to wait. RFC 9110 section 10.2.3 knows seconds and a date; some servers send the instant in
// milliseconds since 1970, which taken for seconds would be a pause of fifty thousand years.

const SHORTEST_MS = 1_000;
const LONGEST_MS = 300_000;
/** More seconds than anybody waits, fewer milliseconds than any instant of today. */
const LEAST_INSTANT = 100_000_000_000;
const HTTP_DATE = /^[A-Z][a-z]{2,8}, .+ GMT$/;

/** From one second to five minutes; undefined when the header is absent or means nothing. */
export function retryAfterMs(header, now = Date.now()) {
  const ms = askedMs(String(header ?? '').trim(), now);
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS);
}

function askedMs(text, now) {
  if (HTTP_DATE.test(text)) return Date.parse(text) - now;
  if (!/^\d+(?:\.\d+)?$/.test(text)) return NaN;
  return Number(text) >= LEAST_INSTANT ? Number(text) - now : Number(text) * 1000;
}
