/** Part "workloads" with --churn: memory and history while a container begins and one ends each second. */
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newContainer } from '../../support/e2e/fake-engine';
import type { FakeContainer, FakeEngine } from '../../support/e2e/fake-engine';
import { until } from '../../support/desktop/until';
import type { DesktopBench, PartResult, Row } from '../bench';
import { evaluateIn } from '../devtools';
import { minus } from '../numbers';
import { readPss, readTree } from '../proc';
import { containerSeries } from '../workloads/history';
import { HISTORY, launchWatching, WATCHED } from '../workloads/watched';
import type { Watched } from '../workloads/watched';

const MB = 1e6;
const EVERY_MS = 1000;
/** Containers that live at a time: each is there for this many seconds, longer than it takes until it is read. */
const LIVING = 20;
/** Given names that come again and again. */
const RECURRING = 10;

interface Sample {
  readonly minute: number;
  readonly pssBytes: number | null;
  /** In use in the main process after everything unused was freed. */
  readonly heapBytes: number;
}

/** Measures at the beginning, and after each minute of it. */
export async function measureChurn(bench: DesktopBench, watched: Watched, minutes: number): Promise<PartResult> {
  const folder = path.join(bench.home, 'workloads-churn');
  const port = await freePort();
  const running = await launchWatching(bench, watched, folder, [`--inspect=127.0.0.1:${port}`]);
  const samples: Sample[] = [];
  let begun = 0;
  try {
    const address = await inspectorOf(port);
    const sample = async (minute: number): Promise<void> => {
      const one = { minute, heapBytes: await usedHeap(address), pssBytes: pssOf(running.pid) };
      samples.push(one);
      bench.say(`  minute ${minute}: ${one.pssBytes === null ? '?' : (one.pssBytes / MB).toFixed(1)} MB PSS, ${(one.heapBytes / MB).toFixed(2)} MB heap, ${begun} containers came`);
    };
    await delay(bench.options.settleSeconds * 1000);
    await sample(0);
    const churn = startChurn(watched.engine, () => (begun += 1));
    try {
      for (let minute = 1; minute <= minutes; minute += 1) {
        await delay(60_000);
        await sample(minute);
      }
    } finally {
      churn.stop();
    }
  } finally {
    await running.end();
  }
  const kept = containerSeries(path.join(folder, HISTORY));
  bench.say(`  ${begun} containers came beside ${WATCHED} that stay: the history has ${kept.series} series of ${kept.names} names`);
  return { rows: toRows(samples, minutes, begun, kept), runs: { samples, begun, kept } };
}

function toRows(samples: readonly Sample[], minutes: number, begun: number, kept: ReturnType<typeof containerSeries>): Row[] {
  const [first, last] = [samples[0], samples.at(-1)];
  const growth = (of: (sample: Sample) => number | null): number | null => {
    const bytes = minus(last === undefined ? null : of(last), first === undefined ? null : of(first));
    return bytes === null ? null : bytes / MB;
  };
  const row = (what: string, app: number | null, unit: string, digits: number): Row => ({ part: 'workloads', what: `churn: ${what}`, bare: null, app, compare: 'none', unit, digits });
  return [
    row(`memory (PSS), growth in ${minutes} min`, growth(({ pssBytes }) => pssBytes), 'MB', 1),
    row(`heap of the main process, growth in ${minutes} min`, growth(({ heapBytes }) => heapBytes), 'MB', 2),
    row(`names in the history after ${begun} came beside ${WATCHED}`, kept.names, 'names', 0),
    row('series of these', kept.series, 'series', 0),
  ];
}

/** In turn: a name that an engine made up, one that comes again and again, and one that somebody gave once. */
function nameAt(at: number): string {
  if (at % 3 === 0) return `brave_curie${at}`;
  return at % 3 === 1 ? `job-${(at % RECURRING) + 1}` : `experiment-${at}`;
}

/** Begins one and ends the oldest, each second. */
function startChurn(engine: FakeEngine, onBegin: () => void): { stop(): void } {
  const living: FakeContainer[] = [];
  let at = 0;
  const timer = setInterval(() => {
    const one = newContainer(nameAt(at), at);
    at += 1;
    engine.add(one);
    living.push(one);
    onBegin();
    const oldest = living.length > LIVING ? living.shift() : undefined;
    if (oldest !== undefined) engine.remove(oldest);
  }, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

function pssOf(root: number): number | null {
  return readTree(root).reduce<number | null>((sum, { pid }) => {
    const pss = readPss(pid);
    return sum === null || pss === null ? null : sum + pss;
  }, 0);
}

/** A port of the loopback interface that nobody uses now. */
async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port');
  return address.port;
}

/** Address of the main process's inspector. */
async function inspectorOf(port: number): Promise<string> {
  return until('the inspector of the main process', async () => {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as readonly { readonly webSocketDebuggerUrl: string }[];
    return targets[0]?.webSocketDebuggerUrl;
  });
}

/** Run in the main process, which was started without --expose-gc: the app takes no switches of V8. */
const COLLECT_AND_TELL = `(() => {
  process.getBuiltinModule('v8').setFlagsFromString('--expose-gc');
  const collect = process.getBuiltinModule('vm').runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
})()`;

async function usedHeap(address: string): Promise<number> {
  const bytes = await evaluateIn(address, COLLECT_AND_TELL);
  if (typeof bytes !== 'number') throw new Error('the main process does not tell its heap');
  return bytes;
}
