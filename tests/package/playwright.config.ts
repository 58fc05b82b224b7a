import { defineConfig } from '@playwright/test';

// The tests follow one another: what one installed, the next one uses. Started by `npm run test:package`.
export default defineConfig({
  testDir: '.',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
  reporter: [['list']],
});
