/** The benchmark's driver: runs the parts on a desktop of its own, prints a table and writes a JSON file. */
import fs from 'node:fs';
import path from 'node:path';
import { startDesktop } from '../support/desktop/desktop';
import type { Bench, DesktopBench, PartResult } from './bench';
import { watchBusEvents } from './bus-events';
import { createHistories } from './histories';
import { describeMachine, readMachineFacts } from './machine';
import { isDesktopPart, parseOptions, USAGE } from './options';
import type { DesktopPart, NodePart, Options, PartName } from './options';
import { measureAlerts } from './parts/alerts';
import { measureClosed, measureOpen } from './parts/cost';
import { measureHeadless } from './parts/headless';
import { measureLan } from './parts/lan';
import { measureLanGrowth } from './parts/lan-growth';
import { measureLeak } from './parts/leak';
import { measurePeers } from './parts/peers';
import { measureProcesses } from './parts/processes';
import { measureStart } from './parts/start';
import { measureStoreExport } from './parts/store-export';
import { measureStoreAge, measureStoreQuery } from './parts/store-query';
import { measureStoreSize } from './parts/store-size';
import { measureStoreWrite } from './parts/store-write';
import { measureTick } from './parts/tick';
import { measureWindow } from './parts/window';
import { measureWorkloads } from './parts/workloads';
import { createPrograms, makeHome } from './program';
import { comparedOf, isReached, toTables } from './table';

const desktopParts: Record<DesktopPart, (bench: DesktopBench) => Promise<PartResult>> = {
  closed: measureClosed,
  open: measureOpen,
  start: measureStart,
  window: measureWindow,
  peers: measurePeers,
  leak: measureLeak,
  workloads: measureWorkloads,
};

const nodeParts: Record<NodePart, (bench: Bench) => Promise<PartResult>> = {
  headless: measureHeadless,
  tick: measureTick,
  lan: measureLan,
  'lan-growth': measureLanGrowth,
  processes: measureProcesses,
  alerts: measureAlerts,
  'store-size': measureStoreSize,
  'store-write': measureStoreWrite,
  'store-query': measureStoreQuery,
  'store-age': measureStoreAge,
  'store-export': measureStoreExport,
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
  const needsDesktop = options.parts.some(isDesktopPart);
  if (options.check) {
    // The script that asks prepares what is needed, and no more.
    say(needsDesktop ? 'desktop' : options.parts.includes('headless') ? 'built' : 'node');
    return 0;
  }
  const root = fromEnv('TRAYWATCH_BENCH_ROOT');
  const machine = readMachineFacts(root, needsDesktop ? fromEnv('TRAYWATCH_BENCH_RUNTIME') : null);
  describeMachine(machine).forEach(say);
  const results = path.join(root, 'bench-results', new Date().toISOString().replaceAll(':', '-').slice(0, 19));
  const outcomes = await withBench(options, root, (bench, desktop) => runParts(bench, desktop, results));
  const rows = Object.values(outcomes).flatMap((outcome) => ('rows' in outcome ? outcome.rows : []));
  say('');
  toTables(rows).forEach(say);
  const table = rows.map((row) => Object.assign({}, row, { compared: comparedOf(row), reached: isReached(row) }));
  fs.writeFileSync(path.join(results, 'results.json'), `${JSON.stringify({ machine, options, table, parts: outcomes }, null, 2)}\n`);
  say(`\nEvery run: ${path.relative(process.cwd(), path.join(results, 'results.json'))}`);
  return Object.values(outcomes).some((outcome) => 'problem' in outcome) ? 1 : 0;
}

/** A part that cannot be measured does not keep the others from it. */
async function runParts(bench: Bench, desktop: DesktopBench | null, results: string): Promise<Partial<Record<PartName, Outcome>>> {
  const outcomes: Partial<Record<PartName, Outcome>> = {};
  for (const name of bench.options.parts) {
    say(`\n${name}`);
    outcomes[name] = await runPart(name, bench, desktop).catch((error: unknown) => {
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

async function runPart(name: PartName, bench: Bench, desktop: DesktopBench | null): Promise<PartResult> {
  if (!isDesktopPart(name)) return nodeParts[name](bench);
  if (desktop === null) throw new Error('there is no desktop to run it on');
  return desktopParts[name](desktop);
}

/** What went wrong, and what was behind it. */
function toProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${toProblem(error.cause)})`;
}

/** Gives what the parts work with, and a desktop where one of them needs it; ends all of it afterwards, also when interrupted. */
async function withBench<T>(options: Options, root: string, work: (bench: Bench, desktop: DesktopBench | null) => Promise<T>): Promise<T> {
  const home = makeHome();
  const stops = new Set<() => Promise<void>>([async () => fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 })]);
  const stopAll = async (): Promise<void> => {
    for (const stop of [...stops].reverse()) await stop();
    stops.clear();
  };
  const onSignal = (): void => void stopAll().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  try {
    const bench: Bench = { options, root, bundle: fromEnv('TRAYWATCH_BENCH_BUNDLE'), home, stops, histories: createHistories(), say };
    return await work(bench, options.parts.some(isDesktopPart) ? await addDesktop(bench) : null);
  } finally {
    await stopAll();
  }
}

async function addDesktop(bench: Bench): Promise<DesktopBench> {
  const desktop = await startDesktop();
  bench.stops.add(desktop.stop);
  const events = await watchBusEvents(desktop.env);
  bench.stops.add(() => events.stop());
  const programs = createPrograms(bench.root, bench.bundle, bench.home);
  return { ...bench, runtime: fromEnv('TRAYWATCH_ELECTRON'), desktop, events, programs };
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${toProblem(error)}\n`);
  process.exitCode = 1;
}
