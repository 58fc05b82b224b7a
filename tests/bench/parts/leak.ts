/** Part "leak": what opening and closing the window again and again leaves behind in the main process. */
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../support/desktop/until';
import type { DesktopBench, PartResult } from '../bench';
import { openDevTools } from '../devtools';
import { readPss } from '../proc';
import { launch } from '../program';
import type { Program } from '../bench';
import { clickOpen } from './window';

/** A window's first opening loads what stays loaded: it does not count. */
const WARM_UPS = 3;
const REST_MS = 5000;

export async function measureLeak(bench: DesktopBench): Promise<PartResult> {
  const { cycles } = bench.options;
  const { bare, app } = bench.programs;
  const runs = { bare: await openAndClose(bench, bare, cycles), app: await openAndClose(bench, app, cycles) };
  const perWindow = ({ before, after }: Growth): number | null => (before === null || after === null ? null : (after - before) / cycles / 1000);
  const what = `main process after ${cycles} windows, growth per window`;
  const figures = { bare: perWindow(runs.bare), app: perWindow(runs.app) };
  return { rows: [{ part: 'leak', what, ...figures, compare: 'minus', unit: 'kB', digits: 1 }], runs };
}

interface Growth {
  readonly before: number | null;
  readonly after: number | null;
}

async function openAndClose(bench: DesktopBench, program: Program, cycles: number): Promise<Growth> {
  const running = await launch(bench, program, ['--remote-debugging-port=0', ...program.hidden]);
  try {
    const tools = await openDevTools(program.userDataDir);
    const cycle = async (): Promise<void> => {
      await clickOpen(bench);
      await until('a window', async () => ((await tools.pages()).length > 0 ? true : undefined));
      await until('data in the window (data-first-data on <html>)', async () => {
        const isThere = await tools.evaluate("document.documentElement.dataset.firstData !== undefined");
        return isThere === true ? true : undefined;
      });
      await tools.closePages();
      await until('the end of the renderer process', async () => (running.renderers() === 0 ? true : undefined));
    };
    const repeat = async (times: number): Promise<number | null> => {
      for (let index = 0; index < times; index += 1) await cycle();
      await delay(REST_MS);
      return readPss(running.pid);
    };
    const growth = { before: await repeat(WARM_UPS), after: await repeat(cycles) };
    bench.say(`  ${program.name}: ${((growth.before ?? Number.NaN) / 1e6).toFixed(1)} MB, then ${((growth.after ?? Number.NaN) / 1e6).toFixed(1)} MB`);
    return growth;
  } finally {
    await running.end();
  }
}
