// What our own numbers must not exceed. A count is a count; a time is a share of what something else takes in the same run on
// the same machine, since a slow or busy machine slows both alike. A bar that is missed is reported in words.

/** What the interceptor may add over a hand-written one, as a share of a whole request of bare axios without a network. */
export const OVERHEAD_SHARE = 0.1;
/** What a sign-in by SRP may cost beside amazon-cognito-identity-js. */
const SRP_SHARES = { ours: 1 / 10, bigint: 1 / 5 };
/** What verifying a token may take beside aws-jwt-verify: one that is new, and one that comes again. */
const VERIFY_SHARES = { first: 1.2, again: 0.5 };
/** What loading a package may add to loading what it stands on: core to axios, smart-backend to both. */
const IMPORT_SHARES = { core: 0.1, 'smart-backend': 0.4 };

/** What `--help` may take more than node itself, in ms of CPU: below what a person takes for at once. */
const HELP_MS = 150;

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
export function missedBars({ storm = {}, rollover, overhead, importing, helping = [], srp = [], verify = [] }) {
  const missed = Object.entries(storm)
    .filter(([name, result]) => !storms[name](result))
    .map(([name, result]) => `storm ${name}: ${JSON.stringify(result)}`);
  if (rollover && (rollover.waitedWithLiveToken > 0 || rollover.failed > 0)) {
    missed.push(`rollover: ${rollover.waitedWithLiveToken} waited with a live token, ${rollover.failed} failed`);
  }
  if (overhead && !(overhead.share <= OVERHEAD_SHARE)) {
    missed.push(
      `overhead alone: ${percent(overhead.share)} of a bare request over a hand-written interceptor, ${percent(OVERHEAD_SHARE)} are allowed`,
    );
  }
  for (const [what, { name, baseMs, addedMs }] of Object.entries(importing ?? {})) {
    const [share, allowed] = [addedMs / baseMs, IMPORT_SHARES[name]];
    if (!(share <= allowed)) {
      missed.push(`${what} adds ${percent(share)} to what it stands on, ${percent(allowed)} are allowed`);
    }
  }
  const slow = helping
    .filter(({ addedMs }) => !(addedMs <= HELP_MS))
    .map(({ name, addedMs }) => `help: ${name} takes ${addedMs.toFixed(0)} ms more than node, ${HELP_MS} are allowed`);
  return [...missed, ...slow, ...missedSrpBars(srp), ...missedVerifyBars(verify)];
}

function missedSrpBars(srp) {
  const reference = srp.find(({ which }) => which === 'reference')?.cpuMs;
  return srp
    .filter(({ which, cpuMs }) => which in SRP_SHARES && !(cpuMs <= reference * SRP_SHARES[which]))
    .map(
      ({ name, cpuMs }) => `srp: ${name} takes ${cpuMs.toFixed(1)} ms of CPU, the reference ${reference.toFixed(1)}`,
    );
}

function missedVerifyBars(verify) {
  const reference = verify.find(({ which }) => which === 'reference')?.us;
  return verify
    .filter(({ which, us }) => which in VERIFY_SHARES && !(us <= reference * VERIFY_SHARES[which]))
    .map(({ name, us }) => `verify: ${name} takes ${us.toFixed(1)} us, the reference ${reference.toFixed(1)}`);
}

export function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
