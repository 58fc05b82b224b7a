/**
 * The programs of `npm run demo`, for plain Node; scripts/demo.mjs starts them. First argument:
 *   check     prints the options as JSON, or what is wrong with them
 *   prepare   writes the files and the history of a machine below the folder of the second argument
 *   live      rewrites the files each second until its standard input ends; prints `ready` once they are there
 *   table     simulates a day of each machine
 * The options follow.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder } from '../../src/main/demo-switch';
import { pathsIn } from '../../src/main/lib/paths';
import { SETTINGS_VERSION } from '../../src/shared/settings/settings-schema';
import { dayTable, simulateDay } from './day';
import { writeHistory } from './history';
import { machineFacts } from './machine-facts';
import { parseDemo } from './options';
import type { DemoOptions } from './options';
import { createMachine, fastFiles, fixedFiles, momentOf, slowFiles } from './tree';
import type { Machine } from './moment';
import { processFiles } from './tree-processes';
import { TreeWriter } from './tree-writer';

const SECOND = 1000;
const DAY = 86_400_000;

/** Added to UTC to get local time, ms. */
const zone = (): number => -60_000 * new Date().getTimezoneOffset();

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Shows the progress of the history: in place on a terminal, each tenth elsewhere. */
function progress(): (done: number) => void {
  let shown = -1;
  return (done) => {
    const part = Math.floor(done * (process.stdout.isTTY ? 100 : 10)) * (process.stdout.isTTY ? 1 : 10);
    if (part <= shown) return;
    shown = part;
    process.stdout.write(process.stdout.isTTY ? `\rMaking up the history: ${part} %` : `Making up the history: ${part} %\n`);
  };
}

/** A machine that runs for as long as the demo needs it to. */
function machineOf({ machines: [spec], seed }: DemoOptions, now: number, days: number | null): Machine {
  if (spec === undefined) throw new Error('no machine');
  return createMachine({ spec, seed, boot: now - (days === null ? spec.uptimeDays : days + 1) * DAY, anchor: now, zone: zone() });
}

/** The user-data folder: marked, with the server on this machine alone, and with the history. */
async function prepare(folder: string, options: DemoOptions): Promise<void> {
  const now = Date.now();
  const paths = pathsIn(join(folder, 'data'));
  const problem = claimFolder(paths.folder, true);
  if (problem !== null) throw new Error(problem);
  writeFileSync(paths.settings, JSON.stringify({ version: SETTINGS_VERSION, lan: { addresses: ['127.0.0.1'], port: options.port } }), { mode: 0o600 });
  if (options.days === 0) return;
  const began = performance.now();
  const root = join(folder, 'past');
  await writeHistory({ machine: machineOf(options, now, options.days), path: paths.database, root, days: options.days, end: now, zone: zone() }, progress());
  print(`${process.stdout.isTTY ? '\r' : ''}The history was made up in ${((performance.now() - began) / 1000).toFixed(0)} s.`);
}

/** Keeps the files of the machine alive. */
function live(folder: string, options: DemoOptions): void {
  const machine = machineOf(options, Date.now(), null);
  const writer = new TreeWriter(join(folder, 'tree'));
  writer.create({ ...fixedFiles(machine), ...machineFacts(machine.spec) });
  const write = (): void => {
    const moment = momentOf(machine, Date.now());
    writer.update({ ...fastFiles(moment), ...slowFiles(moment) });
    writer.updateProcesses(processFiles(moment));
  };
  write();
  print('ready');
  const timer = setInterval(write, SECOND);
  // An interrupt at the terminal is for the app; this ends after it, when whoever started it is done.
  process.on('SIGINT', () => undefined);
  process.stdin.on('end', () => {
    clearInterval(timer);
    writer.close();
  });
  process.stdin.resume();
}

/** Prints a simulated day of each machine: a working day. */
async function table({ machines, seed, step }: DemoOptions): Promise<void> {
  const from = Date.UTC(2026, 10, 26);
  for (const spec of machines) {
    const root = mkdtempSync(join(tmpdir(), 'traywatch-day-'));
    try {
      const machine = createMachine({ spec, seed, boot: from - DAY, anchor: from, zone: 0 });
      print(dayTable(spec.name, await simulateDay({ machine, root, from, step: step * SECOND })).join('\n'));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
}

const [what = '', ...rest] = process.argv.slice(2);
const [folder, args] = what === 'prepare' || what === 'live' ? [rest[0] ?? '', rest.slice(1)] : ['', rest];
const parsed = parseDemo(args);
if ('text' in parsed) {
  (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
  process.exitCode = parsed.exitCode;
} else if (what === 'check') print(JSON.stringify({ ...parsed.options, machines: parsed.options.machines.map(({ name }) => name) }));
else if (what === 'prepare') {
  mkdirSync(folder, { recursive: true });
  await prepare(folder, parsed.options);
} else if (what === 'live') live(folder, parsed.options);
else if (what === 'table') await table(parsed.options);
