/**
 * A copy of the user-data folder that version 0.1.0-development left behind, what that version itself read from it, and
 * this version opened on the copy: at the time the folder was made for, without a network. See the fixture's README.md.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Core } from '../../src/main/core/core';
import type { AlertNotification } from '../../src/main/engine/alerts/policy';
import { createCallbackLog } from './log';
import { pathsIn } from '../../src/main/lib/paths';
import type { Paths } from '../../src/main/lib/paths';
import type { Incident } from '../../src/shared/alerts/incident';
import type { Snooze } from '../../src/shared/alerts/snooze';
import type { GapMarker, Gap } from '../../src/shared/series/gaps';
import type { SeriesStats } from '../../src/shared/series/types';
import type { TopProcesses } from '../../src/shared/processes/process-schemas';
import type { AccessSummary } from '../../src/shared/sharing/access-schemas';
import type { ActivityEvent } from '../../src/shared/timeline/event-schemas';
import { FakeTime } from './collectors';
import { openCore } from './core';

const FIXTURE = join(import.meta.dirname, '../fixtures/version-0.1.0-dev');
/** What makes up the folder; the fixture's other files lie beside it. */
const FILES = ['settings.json', 'history.sqlite', 'access.json', 'alerts.json', 'webhook-queue.json', 'secrets.json', 'desktop.json'];

/** A minute after the app was closed, epoch ms. With a clock much later messages would be too old and devices away too long. */
export const OPENED_AT = Date.UTC(2026, 10, 1, 6, 11);

/** Start of a bucket, samples, and minimum, average and maximum, or one value where the three are the same. */
type PointRow = [time: number, count: number, ...values: [number] | [number, number, number]];

interface Range {
  readonly series: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** expected.json: what the former version read, as far as it is asked for here. */
export interface Expected {
  readonly settings: { readonly effectiveRules: readonly { readonly id: string; readonly enabled: boolean; readonly label: string }[] };
  readonly settingsV1: { readonly inForce: Readonly<Record<string, unknown>> };
  readonly desktop: { readonly window: object; readonly toldNoTray: boolean };
  readonly events: { readonly total: number; readonly byType: Readonly<Record<string, number>>; readonly newestOfEachType: readonly ActivityEvent[]; readonly firstId: number; readonly lastId: number };
  readonly incidents: { readonly total: number; readonly open: number; readonly list: readonly unknown[][]; readonly whole: readonly Incident[] };
  readonly openAlerts: { readonly incidents: readonly string[]; readonly snoozes: readonly Snooze[] };
  readonly alertMemory: { readonly told: Readonly<Record<string, object>>; readonly missed: number };
  readonly topProcesses: { readonly nearest200: number; readonly ofIncidents: number; readonly some: readonly TopProcesses[] };
  readonly series: readonly string[];
  readonly gaps: readonly GapMarker[];
  readonly spans: readonly { readonly query: { readonly from: number; readonly to: number }; readonly answer: readonly Gap[] }[];
  readonly points: readonly { readonly what: string; readonly query: Range & { readonly points: number }; readonly step: number; readonly series: readonly { readonly series: string; readonly rows: readonly PointRow[] }[] }[];
  readonly stats: readonly { readonly what: string; readonly query: Range; readonly answer: readonly SeriesStats[] }[];
  readonly webhooks: {
    readonly states: readonly { readonly id: string; readonly address: object; readonly waiting: number }[];
    readonly addresses: Readonly<Record<string, string>>;
    readonly names: Readonly<Record<string, string>>;
    readonly waiting: readonly (readonly [webhook: string, event: string, title: string, underWay: boolean])[];
    readonly delivered: number;
  };
  readonly access: Pick<AccessSummary, 'devices' | 'accounts' | 'tokens' | 'problem'>;
  readonly credentials: {
    readonly passwords: Readonly<Record<string, string>>;
    readonly apiTokens: Readonly<Record<string, string>>;
    readonly refreshCookies: Readonly<Record<string, { readonly value: string }>>;
  };
}

/** A file of the fixture, parsed. */
export function fixtureJson(name: string): unknown {
  return JSON.parse(readFileSync(join(FIXTURE, name), 'utf8'));
}

/** What the former version read from the folder. */
export const expected = fixtureJson('expected.json') as Expected;

/** Types of events under which the former version wrote what has another name now; damage and a restore shared a type. */
const RENAMED: Readonly<Record<string, string>> = {
  alert_cleared: 'alert_resolved',
  alert_eased: 'alert_deescalated',
  alert_worsened: 'alert_escalated',
  lan_token_reused: 'lan_refresh_token_reused',
  control_requested: 'power_requested',
  control_confirmed: 'power_confirmed',
  control_cancelled: 'power_cancelled',
  control_started: 'power_started',
  control_failed: 'power_failed',
};

/** The present type of an event of the former version. */
export function presentType(type: string, message: string): string {
  if (type === 'database_set_aside') return message.startsWith('A backup was restored') ? 'history_restored' : 'history_quarantined';
  return RENAMED[type] ?? type;
}

/** The names webhooks are given now for what the former version queued. */
export const PRESENT_STEP: Readonly<Record<string, string>> = { fired: 'fired', cleared: 'resolved', worsened: 'escalated', eased: 'deescalated', reminder: 'reminder' };

/** A copy of the folder, removed after the test; `extra` names further files of the fixture. */
export function copyFolder(...extra: readonly string[]): Paths {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-former-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of [...FILES, ...extra]) copyFileSync(join(FIXTURE, name), join(folder, name));
  return pathsIn(folder);
}

/** What came of opening it. */
export interface FormerCore {
  readonly core: Core;
  readonly time: FakeTime;
  /** Warnings and errors of the log. */
  readonly troubles: string[];
  readonly shown: AlertNotification[];
  /** Bodies posted to webhooks, by address. */
  readonly posts: { readonly url: string; readonly body: Readonly<Record<string, unknown>> }[];
  /** Ends it and opens the same folder again; what was shown and posted is forgotten. */
  again(): FormerCore;
}

/** Opens the folder with this version. Quiet hours are local time, and local time was UTC; what is posted is written down. */
export function openFormer(paths: Paths, time = new FakeTime(), wall = OPENED_AT): FormerCore {
  vi.stubEnv('TZ', 'UTC');
  time.wall = wall;
  const [troubles, shown, posts]: [string[], AlertNotification[], FormerCore['posts']] = [[], [], []];
  vi.stubGlobal('fetch', (url: string, { body }: { body: string }) => {
    posts.push({ url, body: JSON.parse(body) as Record<string, unknown> });
    return Promise.resolve(new Response('ok'));
  });
  onTestFinished(() => void vi.unstubAllEnvs().unstubAllGlobals());
  const core = openCore(paths.folder, {
    paths,
    clock: time,
    timers: time,
    log: createCallbackLog(({ level, message }) => (level === 'warn' || level === 'error' ? troubles.push(`${level} ${message}`) : undefined)),
    services: {
      notifier: { show: (notification) => Promise.resolve(void shown.push(notification)).then(() => 'shown' as const), close: () => undefined },
      encryption: {
        isAvailable: () => Promise.resolve(false),
        encrypt: () => Promise.reject(new Error('no key')),
        decrypt: (sealed) => Promise.resolve(Buffer.from(sealed, 'base64').toString('utf8').replace(/^sealed with no key: /, '')),
      },
      doNotDisturb: () => Promise.resolve(false),
    },
  });
  let isOpen = true;
  const end = (): void => {
    if (isOpen) core.close();
    isOpen = false;
    time.dropTimers();
  };
  onTestFinished(end);
  return { core, time, troubles, shown, posts, again: () => (end(), openFormer(paths, time, time.wall)) };
}

/** Lets so many milliseconds pass in steps, with answers of the network in between. */
export async function letPass(time: FakeTime, ms: number, step = 1000): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    await time.pass(step);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
