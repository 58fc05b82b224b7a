/** A simulated day of a made-up machine under the default rules: what would have been shown to its user. */
import { createEvaluator } from '../../src/main/engine/alerts/evaluator';
import { decide } from '../../src/main/engine/alerts/policy';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import type { EvaluatedEvent } from '../../src/shared/alerts/incident-event';
import type { Rule } from '../../src/shared/alerts/rule';
import { mergeBatch } from '../../src/shared/metrics/merge';
import { FAMILY_IDS, familyOf } from '../../src/shared/metrics/index';
import type { FamilyId } from '../../src/shared/metrics/index';
import { machineSeverity } from '../../src/shared/metrics/assess';
import type { SampleBatch, Snapshot } from '../../src/shared/metrics/reading';
import { batchBetween } from './batch-between';
import { Playback } from './playback';
import type { Machine } from './moment';

const DAY = 86_400_000;

/** Notification and severities of a rule. */
interface RuleResult {
  readonly rule: string;
  readonly warnings: number;
  readonly criticals: number;
  readonly notifications: number;
  /** Share of the day with an open incident, 0–1. */
  readonly open: number;
}

/** What a day showed. Shares are of the samples of the day, 0–1. */
export interface DayResult {
  readonly samples: number;
  readonly rules: readonly RuleResult[];
  /** Share with an open incident, by the worst severity: the mark of the tray icon. */
  readonly tray: { readonly warning: number; readonly critical: number };
  /** Share in which a card of the overview is marked. */
  readonly cards: { readonly warning: number; readonly critical: number };
  readonly seconds: number;
}

/** What to simulate: from midnight at `from` on, epoch ms. The machine is read every `step` ms; there is a sample each second. */
export interface DayPlan {
  readonly machine: Machine;
  readonly root: string;
  readonly from: number;
  readonly step: number;
  readonly rules?: readonly Rule[];
}

interface Counts {
  warnings: number;
  criticals: number;
  notifications: number;
  openSamples: number;
}

/** Collects what the events of a day mean for its user. */
class Tally {
  readonly #byRule = new Map<string, Counts>();
  readonly #delivered = new Set<string>();
  samples = 0;
  readonly tray = { warning: 0, critical: 0 };
  readonly cards = { warning: 0, critical: 0 };

  of(rule: string): Counts {
    let counts = this.#byRule.get(rule);
    if (counts === undefined) this.#byRule.set(rule, (counts = { warnings: 0, criticals: 0, notifications: 0, openSamples: 0 }));
    return counts;
  }

  event({ rule, ...event }: EvaluatedEvent): void {
    const { incident, kind } = event;
    const counts = this.of(incident.ruleId);
    if (kind === 'fired' || kind === 'escalated') counts[incident.severity === 'critical' ? 'criticals' : 'warnings'] += 1;
    if (rule === null) return;
    const context = { settings: { quietHours: [], criticalBypassesQuietHours: false }, now: event.at, offsetAt: () => 0, doNotDisturb: false, paused: false, snoozes: [], acknowledged: false };
    const { reason } = decide({ ...event, rule }, { ...context, wasDelivered: this.#delivered.has(incident.id) });
    if (reason !== null) return;
    counts.notifications += 1;
    this.#delivered.add(incident.id);
  }

  sample(open: ReturnType<ReturnType<typeof createEvaluator>['open']>, snapshot: Pick<Snapshot, 'readings'>): void {
    this.samples += 1;
    for (const rule of new Set(open.map(({ ruleId }) => ruleId))) this.of(rule).openSamples += 1;
    if (open.length > 0) this.tray[open.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning'] += 1;
    const { severity } = machineSeverity(snapshot);
    if (severity === 'warning' || severity === 'critical') this.cards[severity] += 1;
  }

  result(seconds: number): DayResult {
    const share = (count: number): number => count / Math.max(1, this.samples);
    const rules = [...this.#byRule].map(([rule, { openSamples, ...counts }]) => ({ rule, ...counts, open: share(openSamples) }));
    const both = ({ warning, critical }: { warning: number; critical: number }): { warning: number; critical: number } => ({ warning: share(warning), critical: share(critical) });
    return { samples: this.samples, rules: rules.toSorted((a, b) => b.open - a.open), tray: both(this.tray), cards: both(this.cards), seconds };
  }
}

/** Families that a rule or a threshold is about: nothing of the others is shown as a problem. */
function judgedFamilies(rules: readonly Rule[]): FamilyId[] {
  return FAMILY_IDS.filter((id) => {
    const { metrics, device } = familyOf(id);
    const hasThreshold = [...Object.values(metrics), ...Object.values(device.metrics)].some(({ thresholds }) => thresholds !== undefined);
    return id !== 'self' && (hasThreshold || rules.some(({ family }) => family === id));
  });
}

/** Runs the day. */
export async function simulateDay({ machine, root, from, step, rules = DEFAULT_RULES }: DayPlan): Promise<DayResult> {
  const began = performance.now();
  const playback = new Playback(machine, root, judgedFamilies(rules));
  try {
    let time = from;
    const mono = (): number => time - machine.boot;
    const evaluator = createEvaluator({ clock: { now: () => time, mono, boot: mono }, rules });
    const tally = new Tally();
    let snapshot: Snapshot = { seq: 0, time: 0, paused: false, readings: {}, readAt: {}, faults: {} };
    const take = (batch: SampleBatch): void => {
      time = batch.time;
      snapshot = mergeBatch(snapshot, batch);
      for (const event of evaluator.evaluate(batch)) tally.event(event);
      tally.sample(evaluator.open(), snapshot);
    };
    let last: SampleBatch | null = null;
    for (let next = from; next < from + DAY; next += step) {
      const batch: SampleBatch = await playback.batch(next, 'due', last === null ? 'start' : undefined);
      // A rule takes a pause of some samples for a gap, so there is one each second, as in the app.
      if (last !== null) for (let between = last.time + 1000; between < next; between += 1000) take(batchBetween(last, batch, between));
      take(batch);
      last = batch;
    }
    return tally.result((performance.now() - began) / 1000);
  } finally {
    playback.close();
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The result as lines of a table. */
export function dayTable(name: string, { samples, rules, tray, cards, seconds }: DayResult): string[] {
  const rows = [['rule', 'warnings', 'criticals', 'notifications', 'of the day open'], ...rules.map(({ rule, warnings, criticals, notifications, open }) => [rule, String(warnings), String(criticals), String(notifications), percent(open)])];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const sum = (key: 'warnings' | 'criticals' | 'notifications'): number => rules.reduce((all, rule) => all + rule[key], 0);
  return [
    `${name}: a day of ${samples} samples, ${seconds.toFixed(1)} s`,
    ...(rules.length === 0 ? ['  no alert'] : rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`)),
    `  all: ${sum('warnings')} warnings, ${sum('criticals')} criticals, ${sum('notifications')} notifications`,
    `  tray icon marked: warning ${percent(tray.warning)}, critical ${percent(tray.critical)} of the day`,
    `  a card marked:    warning ${percent(cards.warning)}, critical ${percent(cards.critical)} of the day`,
  ];
}
