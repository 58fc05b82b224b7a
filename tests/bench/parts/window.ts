/** Part "window": from the click on the tray menu's Open until the first data was painted. */
import { setTimeout as delay } from 'node:timers/promises';
import { trayItems } from '../../support/desktop/tray';
import { until } from '../../support/desktop/until';
import { inTurn } from '../bench';
import type { DesktopBench, PartResult, Row } from '../bench';
import { openDevTools } from '../devtools';
import type { DevTools } from '../devtools';
import { median, rangeOf } from '../numbers';
import { launch } from '../program';
import type { Program } from '../bench';

/** The page is left alone for so long before it is asked: being asked would slow it down. */
const LOOK_AFTER_MS = 2000;
const SETTLE_MS = 3000;
const FIRST_DATA = 'document.documentElement.dataset.firstData ?? null';
const FIRST_PAINT = "(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN) + performance.timeOrigin";

interface Opening {
  /** Milliseconds from the click until the first data was painted. */
  readonly dataMs: number;
  /** Milliseconds from the click until anything was painted, as Chromium tells it; null when it does not. */
  readonly paintMs: number | null;
}

interface Openings {
  readonly first: Opening;
  readonly again: Opening;
}

export async function measureWindow(bench: DesktopBench): Promise<PartResult> {
  const runs = await inTurn(bench, bench.options.shortPairs, (program) => openTwice(bench, program));
  const show = (list: Openings[]): string => list.map(({ first, again }) => `${first.dataMs.toFixed(0)}/${again.dataMs.toFixed(0)}`).join(', ');
  bench.say(`  first/again: bare ${show(runs.bare)} ms; app ${show(runs.app)} ms`);
  const row = (what: string, of: (openings: Openings) => number | null): Row => {
    const app = runs.app.map(of);
    const figures = { bare: median(runs.bare.map(of)), app: median(app), range: rangeOf(app) };
    return { part: 'window', what, ...figures, compare: 'over', unit: 'ms', digits: 0 };
  };
  const aim = { of: 'compared', atMost: 1.3 } as const;
  const rows = [
    { ...row('click to painted data, first time', ({ first }) => first.dataMs), aim },
    { ...row('click to painted data, again', ({ again }) => again.dataMs), aim },
    row('click to anything painted, first time', ({ first }) => first.paintMs),
  ];
  return { rows, runs };
}

async function openTwice(bench: DesktopBench, program: Program): Promise<Openings> {
  const running = await launch(bench, program, ['--remote-debugging-port=0', ...program.hidden]);
  try {
    const tools = await openDevTools(program.userDataDir);
    await delay(SETTLE_MS);
    const first = await openOnce(bench, tools);
    await tools.closePages();
    await delay(SETTLE_MS);
    return { first, again: await openOnce(bench, tools) };
  } finally {
    await running.end();
  }
}

async function openOnce(bench: DesktopBench, tools: DevTools): Promise<Opening> {
  const asked = Date.now();
  await clickOpen(bench);
  const clickedAt = await bench.events.first('Event', asked);
  await delay(LOOK_AFTER_MS);
  const dataAt = await until('data in the window (data-first-data on <html>)', async () => {
    const value = await tools.evaluate(FIRST_DATA);
    return typeof value === 'string' ? Number(value) : undefined;
  });
  const paintAt = Number((await tools.evaluate(FIRST_PAINT)) ?? Number.NaN);
  return { dataMs: dataAt - clickedAt, paintMs: Number.isNaN(paintAt) ? null : paintAt - clickedAt };
}

/** Chooses Open in the menu of the only tray icon. */
export async function clickOpen(bench: DesktopBench): Promise<void> {
  const [item] = await trayItems(bench.desktop.bus);
  if (item === undefined) throw new Error('there is no tray icon');
  await item.clickMenu(/^Open\b/);
}
