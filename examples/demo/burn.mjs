// Takes all the time that a core has until the process that started it is gone.

const SLICE_MS = 20;

function burn() {
  for (const until = performance.now() + SLICE_MS; performance.now() < until;);
  // asked each time: who is gone before this program has begun sends no event to it
  if (process.connected) setImmediate(burn);
}

burn();
