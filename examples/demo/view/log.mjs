// The same story as lines of text, for a pipe or a file: what is rare at once, what comes in thousands as a sum.

const SUM_EVERY_MS = 500;

const lines = {
  acquired: ({ reason, durationMs }, journal) =>
    `token ${journal.tokens.length} after ${durationMs} ms (${reasons[reason]})`,
  failed: ({ kind, code }) => `no new token: ${kind} (${code})`,
  note: ({ text }) => text,
  notice: ({ message }) => message,
};

const reasons = {
  missing: 'there was none',
  stale: 'in the background, before the old one ends',
  expired: 'the old one was at its end',
  refused: 'the old one was refused',
  forced: 'asked for',
};

/** @param write takes a line without its end */
export function logTo(write, clients, { startedAt, seconds }) {
  const say = (name, text) =>
    write(`${((Date.now() - startedAt) / 1000).toFixed(2).padStart(6)} s  ${name.padEnd(11)} ${text}`);
  write(`${clients.length} clients for about ${seconds} s`);
  for (const { journal } of clients) {
    journal.onEvent((type, event) => {
      if (lines[type]) say(journal.name, lines[type](event, journal));
    });
  }
  const sums = clients.map(({ journal }) => summing(journal, say));
  const flush = () => sums.forEach((sum) => sum());
  const timer = setInterval(flush, SUM_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      flush();
    },
  };
}

/** Tells what came in since it was last called. */
function summing(journal, say) {
  let [refused, healed, failed] = [0, 0, 0];
  return () => {
    const { refusals, failures } = journal;
    if (refusals.length > refused || journal.healed > healed) {
      say(journal.name, `${refusals.length - refused} requests refused, ${journal.healed - healed} healed`);
    }
    if (failures.length > failed) {
      say(journal.name, `${failures.length - failed} REQUESTS FAILED: ${failures.at(-1).what}`);
    }
    [refused, healed, failed] = [refusals.length, journal.healed, failures.length];
  };
}
