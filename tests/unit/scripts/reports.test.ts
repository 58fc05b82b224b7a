import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPlaywrightCounts, readVitestCounts, sumCounts } from '../../../scripts/lib/reports.mjs';

let folder = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-reports-'));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(report: unknown): string {
  const file = path.join(folder, 'report.json');
  fs.writeFileSync(file, JSON.stringify(report));
  return file;
}

describe('vitest', () => {
  const passedFile = { status: 'passed', assertionResults: [{}] };

  it('counts tests', () => {
    const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0, testResults: [passedFile] };
    expect(readVitestCounts(write(report))).toEqual({ passed: 5, failed: 1, skipped: 2 });
  });

  it('counts a file that cannot be loaded as a failure', () => {
    const broken = { status: 'failed', assertionResults: [] };
    const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [passedFile, broken] };
    expect(readVitestCounts(write(report))?.failed).toBe(1);
  });
});

describe('Playwright', () => {
  it('counts a flaky test as failed', () => {
    const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 } };
    expect(readPlaywrightCounts(write(report))).toEqual({ passed: 3, failed: 2, skipped: 0 });
  });
});

it('is null where no report was written', () => {
  expect(readVitestCounts(path.join(folder, 'none.json'))).toBeNull();
  expect(readPlaywrightCounts(path.join(folder, 'none.json'))).toBeNull();
});

it('sums over runners', () => {
  expect(sumCounts([{ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 }])).toEqual({ passed: 11, failed: 22, skipped: 33 });
  expect(sumCounts([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
});
