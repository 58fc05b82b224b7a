/**
 * Runs one bundled test file on Windows' Node: `main.mjs <bundle> <results> <options as JSON>`. Results are lines of JSON in
 * the file `results`, as a pipe to another system does not work under Wine; the last one is `{ "end": true }`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runDescribed } from './vitest.mjs';

const [bundle, results, text] = process.argv.slice(2);
/** @type {{ temp: string, leftOut: { tests: string, reason: string }[], only: string | null }} */
const { temp, leftOut, only } = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));

const write = (line) => fs.appendFileSync(results, `${JSON.stringify(line)}\n`);

fs.mkdirSync(temp, { recursive: true });
process.env.TEMP = temp;
process.env.TMP = temp;
for (const kind of ['uncaughtException', 'unhandledRejection']) {
  process.on(kind, (error) => write({ state: 'failed', name: kind, ms: 0, reason: error?.stack ?? String(error) }));
}

const used = new Set();
const whyNot = (name) => {
  if (only !== null && !new RegExp(only, 'u').test(name)) return 'another name was asked for';
  const found = leftOut.find(({ tests }) => new RegExp(tests, 'u').test(name));
  if (found !== undefined) used.add(found);
  return found?.reason ?? null;
};
await import(pathToFileURL(path.resolve(bundle)).href);
await runDescribed(whyNot, write);
const unused = only === null ? leftOut.filter((one) => !used.has(one)) : [];
for (const { tests } of unused) write({ state: 'failed', name: 'LEFT_OUT', ms: 0, reason: `no test is named /${tests}/` });
write({ end: true });
// Something a test left behind must not keep the process.
process.exit(0);
