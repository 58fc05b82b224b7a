/** Runs bundled test files under Wine, one process a file, and collects what they write down. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { say } from '../say.mjs';
import { toWindowsPath } from './paths.mjs';
import { LEFT_OUT } from './suite.mjs';

/** Ms until a file is given up. */
const MOST_MS = 20 * 60_000;
/** Tests that took longer are named, ms. */
const LONG_MS = 60_000;
/** Where temporary files are: a name with blanks and letters of three scripts. */
const TEMP = 'C:\\Traywatch Übung 日本\\тест';

/**
 * @typedef {object} Place where a run happens
 * @property {NodeJS.ProcessEnv[]} envs one of each Windows machine; as many files run at once
 * @property {string} executable Windows' Node
 * @property {string} folder absolute, of the bundles; results go there, too
 * @property {string} main absolute path of the program that runs one file
 * @property {AbortSignal} signal aborts when no further file is to be begun
 * @property {string | null} only pattern of full names; null for all tests
 */

/**
 * @typedef {object} Result
 * @property {'passed' | 'failed' | 'skipped'} state
 * @property {string} name
 * @property {number} ms
 * @property {string} [reason]
 */

/**
 * Runs all files.
 * @param {string[]} files paths from the root
 * @param {Place} place
 * @returns {Promise<import('../reports.mjs').Counts>}
 */
export async function runFiles(files, place) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const waiting = [...files];
  const work = async (/** @type {NodeJS.ProcessEnv} */ env) => {
    for (let file = waiting.shift(); file !== undefined && !place.signal.aborted; file = waiting.shift()) {
      const results = await runFile(file, env, place);
      for (const { state } of results) counts[state] += 1;
    }
  };
  await Promise.all(place.envs.map(work));
  return counts;
}

/**
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 * @param {Place} place
 * @returns {Promise<Result[]>}
 */
async function runFile(file, env, { executable, folder, main, only }) {
  const name = file.replace(/\.ts$/, '');
  const written = path.join(folder, name.replaceAll('/', '-'));
  const leftOut = LEFT_OUT.filter((one) => one.file === file).map(({ tests, reason }) => ({ tests: tests.source, reason }));
  const options = { temp: `${TEMP}\\${path.basename(name)}`, leftOut, only };
  const bundle = path.join(folder, `${name}.mjs`);
  const args = [executable, ...[main, bundle, `${written}.jsonl`].map(toWindowsPath), Buffer.from(JSON.stringify(options)).toString('base64')];
  const begin = performance.now();
  const ended = await runProgram(args, env, `${written}.txt`);
  const { results, isComplete } = readResults(`${written}.jsonl`);
  if (!isComplete) results.push({ state: 'failed', name: 'the whole file', ms: 0, reason: `${ended}\n${fs.readFileSync(`${written}.txt`, 'utf8').slice(-4000)}` });
  report(file, results, performance.now() - begin);
  return results;
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} outputFile for what it prints: a pipe does not work
 * @returns {Promise<string>} how it ended
 */
function runProgram(args, env, outputFile) {
  const output = fs.openSync(outputFile, 'w');
  const child = spawn('wine', args, { env, stdio: ['ignore', output, output] });
  fs.closeSync(output);
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), MOST_MS);
    child.on('error', (error) => resolve(`it could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(signal === null ? `it ended with exit code ${code}` : `it was ended after ${Math.round(MOST_MS / 60_000)} minutes (${signal})`);
    });
  });
}

/**
 * @param {string} file
 * @returns {{ results: Result[], isComplete: boolean }}
 */
function readResults(file) {
  const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : [];
  // The last line may be torn, where the process was killed.
  const found = lines.slice(0, -1).map((line) => JSON.parse(line));
  return { results: found.filter((one) => one.end !== true), isComplete: found.at(-1)?.end === true };
}

/**
 * @param {string} file
 * @param {Result[]} results
 * @param {number} allMs
 */
function report(file, results, allMs) {
  const count = (/** @type {string} */ state) => results.filter((one) => one.state === state).length;
  say(`${count('failed') === 0 ? '✓' : '✗'} ${file}: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped (${(allMs / 1000).toFixed(1)} s)`);
  for (const { state, name, reason, ms } of results) {
    if (state === 'skipped' && reason !== 'another name was asked for') say(`    skipped: ${name}: ${reason}`);
    if (ms > LONG_MS) say(`    long: ${name} (${Math.round(ms / 1000)} s)`);
    if (state === 'failed') say(`    FAILED: ${name}\n      ${String(reason).replaceAll('\n', '\n      ')}`);
  }
}
