import { defineConfig } from '@playwright/test';

// Each test starts a desktop of its own and mostly waits, so two at a time is what a small machine bears without starving one.
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  timeout: 90_000,
  expect: { timeout: 20_000 },
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
  reporter: [['list']],
});
