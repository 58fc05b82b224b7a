/** The benchmark's driver: runs the parts on a desktop of its own, prints a table and writes a JSON file. */
import fs from 'node:fs';
import path from 'node:path';
import { startDesktop } from '../e2e/desktop/desktop';
import type { Bench, PartResult } from './bench';
import { watchBusEvents } from './bus-events';
import { describeMachine, readMachine } from './machine';
import { parseOptions, USAGE } from './options';
import type { Options, PartName } from './options';
import { measureClosed, measureOpen } from './parts/cost';
import { measureLan } from './parts/lan';
import { measureLeak } from './parts/leak';
import { measurePeers } from './parts/peers';
import { measureStart } from './parts/start';
import { measureTick } from './parts/tick';
import { measureWindow } from './parts/window';
import { createPrograms, makeHome } from './program';
import { comparedOf, isReached, toTable } from './table';

const parts: Record<PartName, (bench: Bench) => Promise<PartResult>> = {
  closed: measureClosed,
  open: measureOpen,
  start: measureStart,
  window: measureWindow,
  tick: measureTick,
  peers: measurePeers,
  leak: measureLeak,
  lan: measureLan,
};

type Outcome = PartResult | { readonly problem: string };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What the script that starts this tells it. */
function fromEnv(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start the benchmark with "npm run bench"`);
  return value;
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    say(USAGE);
    return 0;
  }
  if (options.check) return 0;
  const root = fromEnv('TRAYWATCH_BENCH_ROOT');
  const machine = readMachine(root, fromEnv('TRAYWATCH_BENCH_RUNTIME'));
  describeMachine(machine).forEach(say);
  const results = path.join(root, 'bench-results', new Date().toISOString().replaceAll(':', '-').slice(0, 19));
  const outcomes = await withBench(options, root, (bench) => runParts(bench, results));
  const rows = Object.values(outcomes).flatMap((outcome) => ('rows' in outcome ? outcome.rows : []));
  say('');
  toTable(rows).forEach(say);
  const table = rows.map((row) => Object.assign({}, row, { compared: comparedOf(row), reached: isReached(row) }));
  fs.writeFileSync(path.join(results, 'results.json'), `${JSON.stringify({ machine, options, table, parts: outcomes }, null, 2)}\n`);
  say(`\nEvery run: ${path.relative(process.cwd(), path.join(results, 'results.json'))}`);
  return Object.values(outcomes).some((outcome) => 'problem' in outcome) ? 1 : 0;
}

/** A part that cannot be measured does not keep the others from it. */
async function runParts(bench: Bench, results: string): Promise<Partial<Record<PartName, Outcome>>> {
  const outcomes: Partial<Record<PartName, Outcome>> = {};
  for (const name of bench.options.parts) {
    say(`\n${name}`);
    outcomes[name] = await parts[name](bench).catch((error: unknown) => {
      const problem = toProblem(error);
      say(`  could not be measured: ${problem}`);
      return { problem };
    });
  }
  fs.mkdirSync(results, { recursive: true });
  for (const picture of fs.readdirSync(bench.home).filter((name) => name.endsWith('.png'))) {
    fs.copyFileSync(path.join(bench.home, picture), path.join(results, picture));
  }
  return outcomes;
}

/** What went wrong, and what was behind it. */
function toProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${toProblem(error.cause)})`;
}

/** Gives a desktop to work on, and ends all of it afterwards, also when interrupted. */
async function withBench<T>(options: Options, root: string, work: (bench: Bench) => Promise<T>): Promise<T> {
  const home = makeHome();
  const stops = new Set<() => Promise<void>>([async () => fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 })]);
  const stopAll = async (): Promise<void> => {
    for (const stop of [...stops].reverse()) await stop();
    stops.clear();
  };
  const onSignal = (): void => void stopAll().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  try {
    const desktop = await startDesktop();
    stops.add(desktop.stop);
    const events = await watchBusEvents(desktop.env);
    stops.add(() => events.stop());
    const bundle = fromEnv('TRAYWATCH_BENCH_BUNDLE');
    const programs = createPrograms(root, bundle, home);
    return await work({ options, runtime: fromEnv('TRAYWATCH_ELECTRON'), bundle, home, desktop, events, programs, stops, say });
  } finally {
    await stopAll();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${toProblem(error)}\n`);
  process.exitCode = 1;
}
