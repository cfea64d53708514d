// Closes the run with one plain line that any CI can read, and before it one for what this machine could not test.
const NO_REDIS = ' (no redis-server)';

module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const missed = titlesOf(results).filter((title) => title.endsWith(NO_REDIS));
    if (missed.length > 0) say(`SKIPPED, there is no redis-server on this machine: ${names(missed)}`);
    say(`${results.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  }
};

function titlesOf({ testResults }) {
  return testResults.flatMap((file) => file.testResults).map(({ title }) => title);
}

function names(titles) {
  return titles.map((title) => title.slice(0, -NO_REDIS.length)).join(', ');
}

function say(line) {
  process.stdout.write(`\n${line}\n`);
}
