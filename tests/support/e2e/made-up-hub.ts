/** The built page over a made-up hub: a bridge whose calls answer for as many machines as a test wants, in a browser and without an app. */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { DEFAULT_RULES } from '../../../src/shared/alerts/default-rules';
import type { MachineSummary } from '../../../src/shared/machines/machine-schemas';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import { appDir } from './traywatch';

const ORIGIN = 'http://traywatch.test';
const KINDS: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png', '.webmanifest': 'application/manifest+json' };

const SNAPSHOT = {
  seq: 1,
  paused: false,
  readings: { cpu: { values: { usage: 12 }, devices: {} }, memory: { values: { usage: 41 }, devices: {} } },
  faults: {},
  lastKnown: {},
  readAt: {},
};

/** What the hub answers, by call; others fail. */
export function madeUpAnswers(machines: readonly MachineSummary[], theme: 'light' | 'dark' = 'dark'): Record<string, unknown> {
  return {
    machines,
    snapshot: { ...SNAPSHOT, time: Date.now() },
    appState: { paused: false, settings: { ...DEFAULT_SETTINGS, theme, gettingStarted: [] }, rules: DEFAULT_RULES, notices: [] },
    openAlerts: { incidents: [], snoozes: [] },
    incidents: [],
    events: { events: [], total: 0 },
    setViewedFamilies: null,
    powerState: { state: 'idle', enabled: false, request: null, outcome: null },
    reporting: { state: 'off' },
  };
}

/** A call that the page made. */
export interface MadeCall {
  readonly name: string;
  readonly input: unknown;
  readonly machine: string | null;
}

/** The built page in a browser, over these answers. */
export async function openMadeUp(browser: Browser, answers: Record<string, unknown>, address = '/', viewport = { width: 1120, height: 760 }): Promise<Page> {
  const page = await browser.newPage({ viewport });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.replace(/^\/$/, '/index.html');
    const file = path.join(appDir, 'out', 'renderer', name);
    if (!fs.existsSync(file)) return route.fulfill({ status: 404 });
    return route.fulfill({ body: fs.readFileSync(file), contentType: KINDS[path.extname(name)] ?? 'application/octet-stream' });
  });
  await page.addInitScript((all) => {
    const listeners = new Set<(name: string, payload: unknown) => void>();
    const calls: MadeCall[] = [];
    Object.assign(globalThis, {
      madeUp: { answers: all, calls, push: (name: string, payload: unknown) => listeners.forEach((listener) => listener(name, payload)) },
      traywatch: {
        call: (name: string, input: unknown, machine?: string) => {
          calls.push({ name, input, machine: machine ?? null });
          const known = Object.hasOwn(all, name);
          return Promise.resolve(known ? { ok: true, value: all[name] } : { ok: false, code: 'Unavailable', message: 'no answer' });
        },
        subscribe: (listener: (name: string, payload: unknown) => void) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    });
  }, answers);
  await page.goto(`${ORIGIN}/#${address}`);
  await page.locator('main h1').waitFor();
  return page;
}

/** The calls that the page has made so far. */
export function callsOf(page: Page): Promise<readonly MadeCall[]> {
  return page.evaluate(() => (globalThis as unknown as { madeUp: { calls: MadeCall[] } }).madeUp.calls);
}

/** Lets a call have another answer from now on. */
export function answerWith(page: Page, name: string, value: unknown): Promise<void> {
  return page.evaluate(([call, answer]) => void Object.assign((globalThis as unknown as { madeUp: { answers: object } }).madeUp.answers, { [call]: answer }), [name, value] as const);
}

/** Sends the page an event. */
export function pushTo(page: Page, name: string, payload: unknown): Promise<void> {
  return page.evaluate(([event, value]) => (globalThis as unknown as { madeUp: { push(name: unknown, payload: unknown): void } }).madeUp.push(event, value), [name, payload] as const);
}
