/** Whatever rules and values do, every place says the same about how bad it is, and what the real rule engine decided. */
import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Core } from '../../../src/main/core/core';
import { createDeferredTray } from '../../../src/main/desktop/deferred-tray';
import { bindTray } from '../../../src/main/desktop/tray-bindings';
import { systemDeps } from '../../../src/main/engine/collectors/platform';
import type { AlertNotification } from '../../../src/main/engine/alerts/policy';
import { levelOf } from '../../../src/shared/alerts/level';
import { healthOf, warningOf } from '../../../src/shared/alerts/severity';
import type { Health, OpenIncident } from '../../../src/shared/alerts/severity';
import { parseSeriesKey } from '../../../src/shared/metrics/index';
import type { FamilyId } from '../../../src/shared/metrics/index';
import { isRaised } from '../../../src/shared/metrics/severity';
import { FakeTime } from '../../support/collectors';
import { openCore } from '../../support/core';
import { makePages, openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';
import { createCallbackLog } from '../../support/log';
import { anyStep, EVERY_STATE, FAMILIES, SERIES, SeverityModel } from '../../support/severity-model';
import type { Step } from '../../support/severity-model';
import { chartSays, overviewSays, pageHeadSays, railSays, toTexts, traySays } from '../../support/severity-places';
import type { PageState, Said } from '../../support/severity-places';

/** Long enough for every notification that waits, and for the next not to be grouped with it, ms. */
const BETWEEN_STEPS = 35_000;
/** Samples that a device must be missing in, and the time between two, ms: five minutes of any family. */
const ABSENCE = { samples: 32, every: 10_100 } as const;

/** A core, its tray and its server, fed by the model. */
class Machine {
  readonly model = new SeverityModel();
  readonly time = new FakeTime();
  readonly shown: AlertNotification[] = [];
  readonly tray = createDeferredTray();
  readonly core: Core;
  lan: OpenLan | null = null;
  #seq = 0;
  readonly #folder = mkdtempSync(join(tmpdir(), 'traywatch-severity-'));
  readonly #pages = makePages();

  constructor() {
    const services = {
      notifier: { show: (notification: AlertNotification) => Promise.resolve(this.shown.push(notification) > 0 ? ('shown' as const) : ('refused' as const)), close: () => undefined },
      encryption: { isAvailable: () => Promise.resolve(false), encrypt: () => Promise.reject(new Error('no key')), decrypt: () => Promise.reject(new Error('no key')) },
      doNotDisturb: () => Promise.resolve(false),
    };
    this.core = openCore(this.#folder, { clock: this.time, timers: this.time, services, system: { ...systemDeps(), root: this.#folder } });
    bindTray(this.tray, this.core, createCallbackLog(() => undefined), { open: () => undefined, quit: () => undefined });
  }

  async start(): Promise<void> {
    const { core } = this;
    this.lan = await openLan({ pages: this.#pages, handlers: core.handlers, snapshot: () => core.hub.snapshot(), openIncidents: () => core.alerts.openAlerts().incidents, subscribe: core.hub.subscribe });
    this.core.settings.update({ alerts: { rules: this.model.rules() } });
    await this.#sample();
  }

  async take(step: Step): Promise<void> {
    const { model, core } = this;
    if (step.kind === 'rule') {
      model.setRule(step.slot, step.rule);
      const saved = core.settings.update({ alerts: { rules: model.rules() } });
      if (!saved.ok) throw new Error(saved.message);
    }
    if (step.kind === 'value') model.setValue(step.series, step.value);
    if (step.kind === 'remove') await this.#remove(step);
    if (step.kind === 'acknowledge') {
      const { incidents } = core.alerts.openAlerts();
      const incident = incidents[step.at % Math.max(1, incidents.length)];
      if (incident !== undefined) core.alerts.alerting.acknowledge(incident.id);
    }
    await this.#sample();
    await this.time.pass(BETWEEN_STEPS);
    await this.#sample();
  }

  async #remove({ device }: Extract<Step, { kind: 'remove' }>): Promise<void> {
    this.model.removeDevice(device);
    for (let sample = 0; sample < ABSENCE.samples; sample += 1) {
      await this.#sample();
      await this.time.pass(ABSENCE.every);
    }
    this.model.endOfRemoved();
  }

  async #sample(): Promise<void> {
    this.#seq += 1;
    this.model.sample();
    this.core.hub.publish(this.model.batch(this.#seq, this.time.now()));
    await this.#settled();
  }

  /** Events are processed once the processes behind an alert were looked for, which takes time of this machine's clock. */
  async #settled(): Promise<void> {
    const state = { isSettled: false };
    void this.core.alerts.alerting.settled().then(() => {
      state.isSettled = true;
    });
    while (!state.isSettled) {
      await new Promise(setImmediate);
      await this.time.pass(20);
    }
  }

  async get(path: string, call?: object): Promise<unknown> {
    const headers = { authorization: 'Bearer viewer', 'content-type': 'application/json' };
    const response = await fetch(`${this.lan?.origin}${path}`, { headers, ...(call === undefined ? {} : { method: 'POST', body: JSON.stringify(call) }) });
    return response.json();
  }

  /** What a page knows; `remote`: that of a viewer on the network. */
  async pageState(remote: boolean): Promise<PageState> {
    const { handlers } = this.core;
    const caller = { id: 'window', role: 'local' } as const;
    if (!remote) return { snapshot: await handlers.snapshot({}, caller), openAlerts: await handlers.openAlerts({}, caller), appState: await handlers.appState({}, caller) };
    const [snapshot, openAlerts, appState] = await Promise.all(['snapshot', 'openAlerts', 'appState'].map(async (name) => ((await this.get(`/api/call/${name}`, {})) as { readonly value: unknown }).value));
    return { snapshot, openAlerts, appState } as PageState;
  }

  async close(): Promise<void> {
    await this.lan?.close();
    this.core.close();
    for (const folder of [this.#folder, this.#pages]) rmSync(folder, { recursive: true, force: true });
  }
}

/** How a health is rendered. */
const saidOf = ({ severity, mark }: Health): Said => ({ word: severity === 'unknown' ? 'no data' : severity, color: isRaised(severity) && !isRaised(mark) ? 'none' : mark });

/** What must be said, from the model's alerts alone; who acknowledged is the user's doing. */
function expectedOf({ model, core }: Machine) {
  const { incidents } = core.alerts.openAlerts();
  expect(incidents.map(({ ruleId, series, severity }) => `${ruleId} ${series} ${severity}`).toSorted((a, b) => a.localeCompare(b))).toEqual(model.open());
  const ofFamily = (family: FamilyId) => incidents.filter(({ series }) => parseSeriesKey(series)?.family === family);
  const families = Object.fromEntries(FAMILIES.map((family) => [family, healthOf(ofFamily(family), true)])) as Record<(typeof FAMILIES)[number], Health>;
  return { incidents, families, machine: healthOf(incidents, true) };
}

type Expected = ReturnType<typeof expectedOf>;

function checkPages(state: PageState, { incidents, families, machine }: Expected, { model }: Machine): void {
  const rail = railSays(state, FAMILIES);
  const overview = overviewSays(state);
  expect(rail.alerts).toEqual(incidents.length === 0 ? null : { said: saidOf(machine), count: incidents.length });
  expect(overview.line).toContain(incidents.length === 0 ? 'Everything is normal' : incidents.length === 1 ? '1 open alert' : `${incidents.length} open alerts`);
  expect({ word: overview.word, color: overview.color }).toEqual(saidOf(machine));
  for (const family of FAMILIES) {
    const said = saidOf(families[family]);
    const judged = SERIES.some((series) => series.startsWith(`${family}.`) && model.thresholdsOf(series).length > 0 && (!series.includes('@') || model.valueOf(series) !== null));
    expect([family, rail.families[family]]).toEqual([family, isRaised(families[family].severity) ? said : null]);
    const card = overview.cards[family]?.said;
    expect([family, card]).toEqual([family, card === null && !judged && !isRaised(families[family].severity) ? null : said]);
    expect([family, pageHeadSays(state, family)]).toEqual([family, card]);
  }
  expect(overview.cards['cpu']?.ticks).toBe(new Set(model.thresholdsOf('cpu.usage').map(({ at }) => at)).size);
  expect(overview.cards['disk']?.ticks).toBe(0);
}

async function checkThresholds(state: PageState, { model, core }: Machine): Promise<void> {
  const stats = await core.handlers.stats({ series: [...SERIES], from: 0, to: 1e13 }, { id: 'window', role: 'local' });
  for (const series of SERIES) {
    const thresholds = model.thresholdsOf(series);
    const lines = chartSays(state, parseSeriesKey(series)?.family ?? 'cpu', series);
    const isDrawn = !series.includes('@') || state.snapshot.readings[parseSeriesKey(series)?.family ?? 'cpu']?.devices[series.split('@')[1] ?? ''] !== undefined;
    if (lines !== null) expect([series, lines]).toEqual([series, isDrawn ? toTexts(thresholds) : []]);
    const warning = warningOf(thresholds);
    const above = stats.find((one) => one.series === series)?.above;
    expect([series, above?.threshold, above?.direction]).toEqual([series, warning?.at, warning?.direction]);
  }
}

async function checkScripts(machine: Machine, expected: Expected): Promise<void> {
  const { incidents, families } = expected;
  const overview = (await machine.get('/api/metrics')) as { severity: string; families: { family: FamilyId; severity: string; level: string | null; value: number | null }[] };
  expect(overview.severity).toBe(expected.machine.severity);
  for (const family of FAMILIES) expect(overview.families.find((one) => one.family === family)?.severity).toBe(families[family].severity);
  const { devices } = (await machine.get('/api/devices')) as { devices: { family: FamilyId; id: string; severity: string; level: string | null; value: number | null }[] };
  for (const { family, id, severity, level, value } of devices) {
    const own: readonly OpenIncident[] = incidents.filter(({ device, series }) => device === id && parseSeriesKey(series)?.family === family);
    expect([id, severity]).toEqual([id, healthOf(own, value !== null).severity]);
    expect([id, level]).toEqual([id, family === 'disk' ? levelOf('disk.usage@x', value) : null]);
  }
  const status = (await machine.get('/api/status')) as { data: { severity: string; open_alerts: number; server_metrics: Record<string, { severity: string; level: string | null; usage_percentage: number | null }> } };
  expect(status.data).toMatchObject({ severity: expected.machine.severity, open_alerts: incidents.length });
  for (const family of ['cpu', 'memory', 'disk'] as const) {
    const { severity, level, usage_percentage: usage } = status.data.server_metrics[`${family}_usage`] ?? {};
    expect([family, severity, level]).toEqual([family, families[family].severity, levelOf(`${family}.usage`, usage ?? null)]);
  }
}

function checkNotifications({ shown }: Machine, { incidents }: Expected): void {
  expect(shown.filter(({ kind }) => kind === 'summary')).toEqual([]);
  for (const { id, severity, acknowledgedAt } of incidents) {
    if (acknowledgedAt === null) expect([id, shown.findLast(({ key }) => key === id)?.severity]).toEqual([id, severity]);
  }
}

async function checkEverywhere(machine: Machine): Promise<void> {
  const expected = expectedOf(machine);
  const { severity, mark } = expected.machine;
  expect(traySays(machine.tray.source.current())).toEqual({ word: severity, color: mark });
  const state = await machine.pageState(false);
  expect(JSON.parse(JSON.stringify(await machine.pageState(true)))).toMatchObject(JSON.parse(JSON.stringify({ snapshot: state.snapshot, openAlerts: state.openAlerts, appState: { rules: state.appState.rules, paused: false } })) as object);
  checkPages(state, expected, machine);
  await checkThresholds(state, machine);
  await checkScripts(machine, expected);
  checkNotifications(machine, expected);
}

it('is the same in every place after every step, and that of the rules', { timeout: 180_000 }, async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 8 }), async (steps) => {
      const machine = new Machine();
      try {
        await machine.start();
        for (const step of steps) {
          await machine.take(step);
          await checkEverywhere(machine);
          for (const { severity, acknowledgedAt } of machine.core.alerts.openAlerts().incidents) seen.add(`${severity} ${acknowledgedAt === null ? 'open' : 'acknowledged'}`);
        }
        machine.core.monitoring.setPaused(true);
        expect(traySays({ ...machine.tray.source.current(), incidents: [] })).toEqual({ word: 'unknown', color: 'unknown' });
        expect(await machine.get('/api/metrics')).toMatchObject({ severity: 'unknown' });
        expect(overviewSays(await machine.pageState(false))).toMatchObject({ word: 'no data', color: 'unknown' });
      } finally {
        await machine.close();
      }
    }),
    { numRuns: 15, endOnFailure: true, examples: [[[...EVERY_STATE]]] },
  );
  // The steps reach what the property is about.
  expect([...seen].toSorted()).toEqual(['critical acknowledged', 'critical open', 'warning acknowledged', 'warning open']);
});
