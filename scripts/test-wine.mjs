/**
 * `npm run test:wine`: tests on Windows' own Node under Wine. Which, and how one is added, is in scripts/lib/wine/suite.mjs.
 * Arguments are parts of file names, for example `npm run test:wine -- kill readers`; `--only=<pattern>` takes tests by their
 * full names, and `--report=<file>` writes the counts there.
 */
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { UserError, runMain, say } from './lib/say.mjs';
import { FILES } from './lib/wine/suite.mjs';
import { ensureWine, makeWineMachine, whyNoWine } from './lib/wine/prefix.mjs';
import { toWindowsPath } from './lib/wine/paths.mjs';
import { findOrFetchWindowsNode } from './lib/wine/windows-node.mjs';

const AT_ONCE = 2;

/** @param {string[]} parts of names */
function selectFiles(parts) {
  const all = FILES.flatMap((glob) => {
    const found = fs.globSync(glob, { cwd: root }).sort();
    if (found.length === 0) throw new UserError(`No test file matches ${glob}.`);
    return found;
  });
  const selected = parts.length === 0 ? all : all.filter((file) => parts.some((part) => file.includes(part)));
  if (selected.length === 0) throw new UserError(`No test file that runs under Wine is named so: ${parts.join(', ')}`);
  return selected;
}

/**
 * @param {string[]} files
 * @param {string | null} only
 */
async function runUnderWine(files, only) {
  const wine = await ensureWine();
  const node = await findOrFetchWindowsNode();
  const { bundleForWindows, makeBundleFolder } = await import('./lib/wine/bundle.mjs');
  const { runFiles } = await import('./lib/wine/run.mjs');
  const folder = makeBundleFolder();
  // A machine for each file that runs at once: they share nothing, nor its limits.
  const machines = await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, () => makeWineMachine(wine)));
  const { signal, forget } = onInterrupt(() => Promise.all(machines.map((one) => one.endPrograms())));
  try {
    const { main, programs } = await bundleForWindows(files, folder);
    say(`Node ${node.version} for Windows, ${wine}`);
    const own = { TRAYWATCH_WINE_PROGRAMS: toWindowsPath(programs), ...(node.modules === null ? {} : { NODE_PATH: toWindowsPath(node.modules) }) };
    const counts = await runFiles(files, { envs: machines.map(({ env }) => ({ ...env, ...own })), executable: node.executable, folder, main, only, signal });
    if (signal.aborted) throw new UserError('Interrupted.');
    return counts;
  } finally {
    forget();
    await Promise.all(machines.map((one) => one.end()));
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * An interrupted run begins nothing more, and ends what it has begun; the rest of the way is the usual one.
 * @param {() => Promise<unknown>} endPrograms
 */
function onInterrupt(endPrograms) {
  const stop = new AbortController();
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  const handler = () => {
    stop.abort();
    void endPrograms();
  };
  for (const signal of signals) process.on(signal, handler);
  return { signal: stop.signal, forget: () => signals.forEach((name) => process.off(name, handler)) };
}

await runMain(async () => {
  ensureInstalled();
  const given = process.argv.slice(2);
  const optionOf = (/** @type {string} */ name) => given.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
  const report = optionOf('report');
  const reason = whyNoWine();
  if (reason !== null) {
    say(`Windows code is not run: ${reason}.`);
    return 0;
  }
  const counts = await runUnderWine(selectFiles(given.filter((one) => !one.startsWith('--'))), optionOf('only') ?? null);
  if (report !== undefined) fs.writeFileSync(path.resolve(report), JSON.stringify(counts));
  say(`Under Wine: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 ? 0 : 1;
});
