/** `npm test`: every check in order, ending at the first that fails, and then one line with the counts. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureInstalled } from './lib/build.mjs';
import { npmCommand, run } from './lib/exec.mjs';
import { readCounts, readPlaywrightCounts, readVitestCounts, sumCounts } from './lib/reports.mjs';
import { runMain, say, UserError } from './lib/say.mjs';
import { ensureTestDesktop } from './lib/system-libs.mjs';

/**
 * @typedef {object} Step
 * @property {string} script name in package.json
 * @property {string[]} [args]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {() => import('./lib/reports.mjs').Counts | null} [readCounts] for a step that runs tests
 */

/**
 * @param {string} folder for the reports
 * @returns {Step[]}
 */
function listSteps(folder) {
  const unit = path.join(folder, 'unit.json');
  const e2e = path.join(folder, 'e2e.json');
  const wine = path.join(folder, 'wine.json');
  const packages = path.join(folder, 'package.json');
  return [
    { script: 'lint' },
    { script: 'types' },
    { script: 'check:features' },
    {
      script: 'test:unit',
      args: ['--reporter=default', '--reporter=json', `--outputFile.json=${unit}`],
      readCounts: () => readVitestCounts(unit),
    },
    { script: 'test:wine', args: [`--report=${wine}`], readCounts: () => readCounts(wine) },
    { script: 'build' },
    {
      script: 'test:e2e',
      args: ['--reporter=list,json'],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: e2e },
      readCounts: () => readPlaywrightCounts(e2e),
    },
    {
      script: 'test:package',
      args: ['--reporter=list,json'],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: packages },
      readCounts: () => readPlaywrightCounts(packages),
    },
  ];
}

/**
 * @param {Step} step
 * @returns {Promise<boolean>} whether it succeeded
 */
async function runStep({ script, args = [], env = {} }) {
  say(`\n== ${script}`);
  const npm = npmCommand();
  const behind = args.length > 0 ? ['--', ...args] : [];
  const code = await run(npm.command, [...npm.args, 'run', '--silent', script, ...behind], { env: { ...process.env, ...env } });
  if (code !== 0) say(`\n"npm run ${script}" failed with exit code ${code}; the steps behind it did not run.`);
  return code === 0;
}

/** Unit tests, too, use real peers where there are some; the end-to-end tests insist on theirs. */
async function prepareMachine() {
  try {
    await ensureTestDesktop();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(error.message);
  }
}

await runMain(async () => {
  ensureInstalled();
  await prepareMachine();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-test-'));
  /** @type {import('./lib/reports.mjs').Counts[]} */
  const counts = [];
  let succeeded = true;
  for (const step of listSteps(folder)) {
    succeeded = await runStep(step);
    const result = step.readCounts?.() ?? null;
    if (result) counts.push(result);
    if (!succeeded) break;
  }
  fs.rmSync(folder, { recursive: true, force: true });
  const { passed, failed, skipped } = sumCounts(counts);
  if (skipped > 0) say(`\n${skipped} skipped; each one printed its reason above.`);
  say(`\n${passed} passed, ${failed} failed`);
  return succeeded && failed === 0 ? 0 : 1;
});
