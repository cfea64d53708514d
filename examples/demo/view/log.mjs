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
  stale: 'in the background, before the old one expires',
  expiring: 'the old one was expiring',
  unauthorized: 'the old one was rejected',
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
  const sums = clients.flatMap(({ journal, byHand }) => [
    summing(journal, say),
    ...(byHand ? [summing(byHand, (name, text) => say(journal.name, `${name}: ${text}`))] : []),
  ]);
  const flush = () => sums.forEach((sum) => sum());
  const timer = setInterval(flush, SUM_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      flush();
    },
  };
}

/** Reports what came in since it was last called. */
function summing(journal, say) {
  let [rejected, retried, failed] = [0, 0, 0];
  return () => {
    const { rejections, failures } = journal;
    if (rejections.length > rejected || journal.retried > retried) {
      const more = [rejections.length - rejected, journal.retried - retried];
      say(journal.name, `${more[0]} requests rejected (401), ${more[1]} retried with a new token`);
    }
    if (failures.length > failed) {
      say(journal.name, `${failures.length - failed} REQUESTS FAILED: ${failures.at(-1).what}`);
    }
    [rejected, retried, failed] = [rejections.length, journal.retried, failures.length];
  };
}
