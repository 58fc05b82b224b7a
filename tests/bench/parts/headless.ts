/**
 * Part "headless": the program without a desktop beside a Node that only counts seconds, both at the same time on the same
 * executable; and how soon it has its first sample.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { SETTINGS_VERSION } from '../../../src/shared/settings/settings-schema';
import { until } from '../../support/desktop/until';
import type { Bench, PartResult, Row } from '../bench';
import { measureTree } from '../meter';
import type { TreeUse } from '../meter';
import { median, rangeOf } from '../numbers';
import { parseField, readIfAllowed } from '../proc';

const MB = 1e6;
const PORT = 18_871;
const TIMER = 'setInterval(() => undefined, 1000)';

/** What one of the two used. */
interface Use extends TreeUse {
  /** Resident bytes: what it takes where no other program runs on this Node. Null where that may not be read. */
  readonly rssBytes: number | null;
}

interface Running {
  readonly pid: number;
  text(): string;
  /** Resolves when it has ended. */
  end(): Promise<void>;
}

/** Starts Node with these arguments; it ends with the benchmark. */
function start(bench: Bench, args: readonly string[]): Running {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    bench.stops.delete(end);
  };
  bench.stops.add(end);
  return { pid: child.pid ?? 0, text: () => text, end };
}

/** Starts the program with its server on this machine, and waits until that listens. */
async function startTraywatch(bench: Bench, folder: string): Promise<Running> {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify({ version: SETTINGS_VERSION, lan: { addresses: ['127.0.0.1'], port: PORT } }));
  const running = start(bench, [path.join(bench.root, 'out/headless/traywatch.cjs'), `--user-data-dir=${folder}`]);
  await until('the server', async () => (running.text().includes('Open https:') ? true : undefined));
  return running;
}

/** Milliseconds from the start of the process to its first sample, by the time that the history gives it. */
async function firstSampleMs(bench: Bench, folder: string): Promise<number> {
  const startedAt = Date.now();
  await (await startTraywatch(bench, folder)).end();
  const database = new Database(path.join(folder, 'history.sqlite'), { readonly: true });
  try {
    const { first } = database.prepare('SELECT max(first) AS first FROM head').get() as { first: number | null };
    if (first === null || first < startedAt) throw new Error('no sample was stored');
    return first - startedAt;
  } finally {
    database.close();
  }
}

async function measureOne(pid: number, seconds: number): Promise<Use> {
  const use = await measureTree(pid, seconds);
  const kilobytes = parseField(readIfAllowed(`/proc/${pid}/smaps_rollup`) ?? '', 'Rss');
  return { ...use, rssBytes: kilobytes === null ? null : kilobytes * 1024 };
}

/** Both at the same time, so that whatever else the machine does meets both. */
async function measurePair(bench: Bench, folder: string): Promise<{ bare: Use; app: Use }> {
  const { seconds, settleSeconds } = bench.options;
  const bare = start(bench, ['-e', TIMER]);
  const app = await startTraywatch(bench, folder);
  try {
    await delay(settleSeconds * 1000);
    const [ofBare, ofApp] = await Promise.all([measureOne(bare.pid, seconds), measureOne(app.pid, seconds)]);
    bench.say(`  ${ofApp.cpuPer60.toFixed(3)} CPU-s/60 s beside ${ofBare.cpuPer60.toFixed(3)}, ${((ofApp.pssBytes ?? Number.NaN) / MB).toFixed(1)} MB PSS beside ${((ofBare.pssBytes ?? Number.NaN) / MB).toFixed(1)}; others used ${ofApp.othersPer60.toFixed(1)} CPU-s/60 s`);
    return { bare: ofBare, app: ofApp };
  } finally {
    await app.end();
    await bare.end();
  }
}

/** Measures it. A first start, which makes the certificate, is not what is measured. */
export async function measureHeadless(bench: Bench): Promise<PartResult> {
  const folder = path.join(bench.home, 'headless');
  await firstSampleMs(bench, folder);
  const firsts: number[] = [];
  for (let i = 0; i < bench.options.shortPairs; i += 1) firsts.push(await firstSampleMs(bench, folder));
  const pairs: { bare: Use; app: Use }[] = [];
  for (let i = 0; i < bench.options.pairs; i += 1) pairs.push(await measurePair(bench, folder));
  const row = (what: string, of: (use: Use) => number | null, unit: string, digits: number, atMost: number | null): Row => {
    const app = pairs.map((pair) => of(pair.app));
    const figures = { bare: median(pairs.map((pair) => of(pair.bare))), app: median(app), range: rangeOf(app) };
    return { part: 'headless', what, ...figures, compare: 'minus', unit, digits, ...(atMost === null ? {} : { aim: { of: 'compared', atMost } }) };
  };
  const rows: Row[] = [
    row('without a desktop: processor', ({ cpuPer60 }) => cpuPer60, 'CPU-s/60 s', 3, 0.05),
    row('without a desktop: memory (PSS, shared by both)', ({ pssBytes }) => (pssBytes === null ? null : pssBytes / MB), 'MB', 1, 45),
    row('without a desktop: memory (resident)', ({ rssBytes }) => (rssBytes === null ? null : rssBytes / MB), 'MB', 1, null),
    { part: 'headless', what: 'without a desktop: start to first sample', bare: null, app: median(firsts), range: rangeOf(firsts), compare: 'none', unit: 'ms', digits: 0, aim: { of: 'app', atMost: 300 } },
  ];
  return { rows, runs: { firsts, pairs } };
}
