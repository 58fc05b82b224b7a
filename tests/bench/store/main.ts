/**
 * Entry of the store's measurements, each run in a process of its own: `store.mjs <what> <arguments>`. Prints the result as
 * JSON, with the CPU seconds per 60 s that everything else on the machine used meanwhile. `record <file> <seconds>` instead
 * records this machine, for tests/fixtures/recordings.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseBusyTicks, TICKS_PER_SECOND } from '../proc';
import { measureExport } from './exporting';
import type { ExportPlan } from './exporting';
import { measureLatency } from './latency';
import type { LatencyPlan } from './latency';
import { record } from './record';
import { readRecording } from './recording';
import { measureSizes } from './sizes';
import { measureWriting } from './writing';
import type { WritingPlan } from './writing';
import { writeWholeHistory } from './write-history';

const RECORDING = path.join('tests', 'fixtures', 'recordings', 'mixed-load.json.gz');

/** Programs with a single argument, their plan as JSON. */
const PLANNED = new Set(['latency', 'writing', 'export']);

async function run(what: string | undefined, args: readonly string[]): Promise<unknown> {
  const [file = '', ...rest] = what !== undefined && PLANNED.has(what) ? ['', ...args] : args;
  const recording = readRecording(path.join(process.env.TRAYWATCH_BENCH_ROOT ?? '.', RECORDING));
  switch (what) {
    case 'record':
      return record(file, Number(rest[0] ?? 1800));
    case 'history':
      return writeWholeHistory(file, recording, Number(rest[0]), Number(rest[1]));
    case 'sizes':
      return measureSizes(file, recording, rest[0] === 'quick');
    case 'latency': {
      const plan: LatencyPlan = JSON.parse(rest[0] ?? '{}');
      return measureLatency(plan);
    }
    case 'writing': {
      const plan: Omit<WritingPlan, 'recording'> = JSON.parse(rest[0] ?? '{}');
      return measureWriting({ ...plan, recording });
    }
    case 'export': {
      const plan: ExportPlan = JSON.parse(rest[0] ?? '{}');
      return measureExport(plan);
    }
    case undefined:
    default:
      throw new Error(`no such program: ${what ?? ''}`);
  }
}

const busySeconds = (): number => parseBusyTicks(readFileSync('/proc/stat', 'utf8')) / TICKS_PER_SECOND;

const [what, ...args] = process.argv.slice(2);
const busyBefore = busySeconds();
const found = await run(what, args);
const { user, system } = process.cpuUsage();
const others = Math.max(0, busySeconds() - busyBefore - (user + system) / 1e6);
process.stdout.write(JSON.stringify({ found: found ?? null, othersPer60: (others * 60) / (performance.now() / 1000) }));
