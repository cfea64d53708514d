// Closes the run with one plain line that any CI can read; before it stands what failed, once more and shortly, and what this
// machine could not test: who sees only the end of a long run sees why it failed.
const NO_REDIS = ' (no redis-server)';

module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    for (const failure of failuresOf(results)) say(failure);
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const missed = titlesOf(results).filter((title) => title.endsWith(NO_REDIS));
    if (missed.length > 0) say(`SKIPPED, there is no redis-server on this machine: ${names(missed)}`);
    say(`${results.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  }
};

const SHOWN_LINES = 12;

/** Which file and test, and the first lines of each message. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ testFilePath, testExecError, testResults: tests }) => {
    const broken = testExecError
      ? [`FAILED ${testFilePath}\n${shortened(testExecError.message ?? testExecError)}`]
      : [];
    const failed = tests.filter(({ status }) => status === 'failed');
    return broken.concat(
      failed.map((test) => `FAILED ${testFilePath}: ${test.fullName}\n${shortened(test.failureMessages[0])}`),
    );
  });
}

function shortened(message) {
  return String(message).split('\n').slice(0, SHOWN_LINES).join('\n');
}

function titlesOf({ testResults }) {
  return testResults.flatMap((file) => file.testResults).map(({ title }) => title);
}

function names(titles) {
  return titles.map((title) => title.slice(0, -NO_REDIS.length)).join(', ');
}

function say(line) {
  process.stdout.write(`\n${line}\n`);
}
