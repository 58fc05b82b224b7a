/**
 * `npm run test:package`: makes the deb, installs it on this Debian, and tries it as an ordinary user in a real desktop,
 * from its menu entry, with its sandbox. At the end package and user are removed. Arguments go to Playwright.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { isDebian, isRoot, missingPackages, installPackages } from './lib/debian.mjs';
import { capture, nodePath } from './lib/exec.mjs';
import { makePackages } from './lib/package/index.mjs';
import { createRootSteps, serveRootSteps } from './lib/package-test/root-steps.mjs';
import { createTestUser, removeTestUser, runAs } from './lib/package-test/test-user.mjs';
import { root } from './lib/paths.mjs';
import { runMain, say } from './lib/say.mjs';
import { makeKey, publicKeyOf } from './lib/update-document.mjs';
import { ensureTestDesktop } from './lib/system-libs.mjs';

/** Higher than any version of this project. */
const NEWER = '99.0.0';
/** Where the packages that are made for the tests ask for updates. */
const UPDATES_URL = 'http://127.0.0.1:18572/stable.json';
const TOOLS = ['dpkg-dev', 'rpm', 'lintian', 'desktop-file-utils', 'libgtk-3-bin', 'man-db', 'systemd', 'util-linux'];

/** Why nothing can be installed here; null where it can. */
async function findHindrance() {
  if (!isDebian()) return 'this is no Debian';
  if (!isRoot()) return 'installing a package needs root';
  const { code } = await capture('dpkg-query', ['-W', 'traywatch']);
  return code === 0 ? 'a traywatch package is installed, which the test would remove' : null;
}

/** @param {string} folder */
async function makeDebs(folder) {
  // Nobody gets these packages. With the official Electron they would be releases, which name somebody.
  process.env.TRAYWATCH_MAINTAINER ||= 'Traywatch tests <tests@traywatch.test>';
  const options = { fast: true, version: null };
  const [first = '', rpm = ''] = await makePackages({ ...options, formats: ['deb', 'rpm'], output: path.join(folder, 'first') });
  const [newer = ''] = await makePackages({ ...options, version: NEWER, formats: ['deb'], output: path.join(folder, 'newer') });
  return { first, newer, rpm };
}

/**
 * @param {string} folder
 * @param {string[]} args for Playwright
 */
async function testAsUser(folder, args) {
  const signingKey = makeKey();
  Object.assign(process.env, { TRAYWATCH_UPDATES_URL: UPDATES_URL, TRAYWATCH_UPDATES_KEY: publicKeyOf(signingKey) });
  const debs = await makeDebs(folder);
  const user = await createTestUser();
  const results = path.join(user.home, 'results');
  const steps = createRootSteps(debs, user.home);
  const server = await serveRootSteps(folder, user, steps);
  try {
    if ((await capture('setpriv', ['--reuid', user.name, '--regid', user.name, '--init-groups', 'test', '-r', path.join(root, 'package.json')])).code !== 0) {
      say(`Skipped: an ordinary user cannot read ${root}.`);
      return 0;
    }
    const config = path.join(root, 'tests/package/playwright.config.ts');
    const cli = path.join(root, 'node_modules/@playwright/test/cli.js');
    const report = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE;
    const env = {
      ...process.env,
      TRAYWATCH_PACKAGES: JSON.stringify({ ...debs, newerVersion: NEWER, unpacked: path.join(folder, 'first', 'linux-unpacked'), updatesUrl: UPDATES_URL }),
      TRAYWATCH_TEST_SIGNING_KEY: signingKey,
      TRAYWATCH_ROOT_STEPS: server.path,
      ...(report === undefined ? {} : { PLAYWRIGHT_JSON_OUTPUT_FILE: path.join(results, 'report.json') }),
    };
    const code = await runAs(user, [nodePath(), cli, 'test', '-c', config, '--output', results, ...args], env);
    if (report !== undefined && fs.existsSync(path.join(results, 'report.json'))) fs.copyFileSync(path.join(results, 'report.json'), report);
    const pictures = path.join(root, 'test-results/package');
    fs.rmSync(pictures, { recursive: true, force: true });
    if (fs.existsSync(results)) fs.cpSync(results, pictures, { recursive: true });
    return code;
  } finally {
    await server.stop();
    await removeTestUser(user);
    await steps.purge?.('');
  }
}

await runMain(async () => {
  const hindrance = await findHindrance();
  if (hindrance !== null) {
    say(`Skipped: ${hindrance}.`);
    return 0;
  }
  await ensureBuilt();
  await ensureTestDesktop();
  await installPackages(await missingPackages(TOOLS), 'by the tests of the package');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'traywatch-package-'));
  fs.chmodSync(folder, 0o755);
  try {
    return await testAsUser(folder, process.argv.slice(2));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
