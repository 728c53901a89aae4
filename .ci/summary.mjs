import { readFileSync } from 'node:fs';

/** Prints `N passed, N failed` from vitest's JSON report. A file that could not be loaded counts as one failure. */
let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  passed = report.numPassedTests;
  failed = report.numFailedTests;
  for (const file of report.testResults)
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) failed++;
} catch {
  console.log('There is no report: lint, types or the start of the tests failed.');
  failed = 1;
}
console.log(`${passed} passed, ${failed} failed`);
