// What our own numbers must not exceed. A bar that is missed is told in words; none missed is an empty list.

/** Nanoseconds over a hand-written header interceptor. */
export const OVERHEAD_NS = 1_500;
/** What a sign-in by SRP may cost beside amazon-cognito-identity-js, measured in one run. */
const SRP_SHARES = { ours: 1 / 10, bigint: 1 / 5 };
/** Milliseconds that loading a package adds: core to axios, smart-backend to both. */
const IMPORT_MS = { core: 5, 'smart-backend': 40 };

const storms = {
  b: allAnswered(1000),
  c1: allAnswered(1000),
  c2: allAnswered(1000),
  d: ({ tokenCalls, apiCalls, failed }) => tokenCalls === 1 && apiCalls <= 200 && failed === 100,
  d2: ({ tokenCalls, failed }) => tokenCalls <= 5 && failed === 100,
  e: ({ tokenCalls, failed }) => tokenCalls <= 10 && failed === 100,
  f: ({ ok }) => ok === 20,
  g: ({ tokenCalls, ok }) => tokenCalls === 1 && ok === 200,
  rotation: ({ tokenCalls, ok, reuses, familyAlive }) => tokenCalls === 1 && ok === 60 && reuses === 0 && familyAlive,
};

function allAnswered(count) {
  return ({ tokenCalls, ok }) => tokenCalls === 1 && ok === count;
}

/** @param results of our candidate only, by the name of the measurement; what was not measured is not judged */
export function missedBars({ storm = {}, rollover, overhead, importing, srp = [] }) {
  const missed = Object.entries(storm)
    .filter(([name, result]) => !storms[name](result))
    .map(([name, result]) => `storm ${name}: ${JSON.stringify(result)}`);
  if (rollover && (rollover.waitedWithLiveToken > 0 || rollover.failed > 0)) {
    missed.push(`rollover: ${rollover.waitedWithLiveToken} waited with a live token, ${rollover.failed} failed`);
  }
  if (overhead && !(overhead.overHandWrittenNs <= OVERHEAD_NS)) {
    missed.push(`overhead alone: ${Math.round(overhead.overHandWrittenNs)} ns over a hand-written interceptor`);
  }
  for (const [what, { name, addedMs }] of Object.entries(importing ?? {})) {
    if (!(addedMs <= IMPORT_MS[name])) missed.push(`${what} costs ${addedMs} ms, ${IMPORT_MS[name]} are allowed`);
  }
  return [...missed, ...missedSrpBars(srp)];
}

function missedSrpBars(srp) {
  const reference = srp.find(({ which }) => which === 'reference')?.cpuMs;
  return srp
    .filter(({ which, cpuMs }) => which in SRP_SHARES && !(cpuMs <= reference * SRP_SHARES[which]))
    .map(
      ({ name, cpuMs }) => `srp: ${name} takes ${cpuMs.toFixed(1)} ms of CPU, the reference ${reference.toFixed(1)}`,
    );
}
