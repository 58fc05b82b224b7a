/** Reading how many tests passed and failed from what the test runners write down. */
import fs from 'node:fs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * @param {string} file JSON report of vitest
 * @returns {Counts | null} null when there is none, because no test ran
 */
export function readVitestCounts(file) {
  const report = readJson(file);
  if (report === null) return null;
  // A file that cannot be loaded holds no failed test, yet is a failure.
  const brokenFiles = report.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length;
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles, skipped };
}

/**
 * @param {string} file JSON report of Playwright
 * @returns {Counts | null} null when there is none, because no test ran
 */
export function readPlaywrightCounts(file) {
  const report = readJson(file);
  if (report === null) return null;
  const { expected, unexpected, flaky, skipped } = report.stats;
  // A flaky test failed at least once: it does not count as passed.
  return { passed: expected, failed: unexpected + flaky, skipped };
}

/**
 * @param {string} file counts, as test-wine.mjs writes them
 * @returns {Counts | null} null when there are none, because no test ran
 */
export function readCounts(file) {
  return readJson(file);
}

/** @param {string} file */
function readJson(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}

/**
 * @param {Counts[]} counts
 * @returns {Counts}
 */
export function sumCounts(counts) {
  const sum = (/** @type {keyof Counts} */ key) => counts.reduce((total, one) => total + one[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}
