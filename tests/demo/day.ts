/** A simulated day of a made-up machine under the default rules: what would have been shown to its user. */
import { createEvaluator } from '../../src/main/engine/alerts/evaluator';
import { decide } from '../../src/main/engine/alerts/policy';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import type { EvaluatedEvent } from '../../src/shared/alerts/incident-event';
import type { Rule } from '../../src/shared/alerts/rule';
import { FAMILY_IDS } from '../../src/shared/metrics/index';
import type { FamilyId } from '../../src/shared/metrics/index';
import type { SampleBatch } from '../../src/shared/metrics/reading';
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
  /** Share with an open incident, by the worst severity: the mark of tray icon, cards and pages. */
  readonly marked: { readonly warning: number; readonly critical: number };
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
  readonly marked = { warning: 0, critical: 0 };

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

  sample(open: ReturnType<ReturnType<typeof createEvaluator>['open']>): void {
    this.samples += 1;
    for (const rule of new Set(open.map(({ ruleId }) => ruleId))) this.of(rule).openSamples += 1;
    if (open.length > 0) this.marked[open.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning'] += 1;
  }

  result(seconds: number): DayResult {
    const share = (count: number): number => count / Math.max(1, this.samples);
    const rules = [...this.#byRule].map(([rule, { openSamples, ...counts }]) => ({ rule, ...counts, open: share(openSamples) }));
    return { samples: this.samples, rules: rules.toSorted((a, b) => b.open - a.open), marked: { warning: share(this.marked.warning), critical: share(this.marked.critical) }, seconds };
  }
}

/** Families that a rule is about: nothing of the others is shown as a problem. */
function judgedFamilies(rules: readonly Rule[]): FamilyId[] {
  return FAMILY_IDS.filter((id) => id !== 'self' && rules.some(({ family }) => family === id));
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
    const take = (batch: SampleBatch): void => {
      time = batch.time;
      for (const event of evaluator.evaluate(batch)) tally.event(event);
      tally.sample(evaluator.open());
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
export function dayTable(name: string, { samples, rules, marked, seconds }: DayResult): string[] {
  const rows = [['rule', 'warnings', 'criticals', 'notifications', 'of the day open'], ...rules.map(({ rule, warnings, criticals, notifications, open }) => [rule, String(warnings), String(criticals), String(notifications), percent(open)])];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const sum = (key: 'warnings' | 'criticals' | 'notifications'): number => rules.reduce((all, rule) => all + rule[key], 0);
  return [
    `${name}: a day of ${samples} samples, ${seconds.toFixed(1)} s`,
    ...(rules.length === 0 ? ['  no alert'] : rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`)),
    `  all: ${sum('warnings')} warnings, ${sum('criticals')} criticals, ${sum('notifications')} notifications`,
    `  marked: warning ${percent(marked.warning)}, critical ${percent(marked.critical)} of the day`,
  ];
}
