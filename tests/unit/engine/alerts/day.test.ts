/** Notifications in a day of recorded values, under the default rules. */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import type { EvaluatedEvent } from '../../../../src/shared/alerts/incident-event';
import type { SampleBatch } from '../../../../src/shared/metrics/reading';
import { readRecording } from '../../../bench/store/recording';
import { repeated, desktopDay } from '../../../support/desktop-day';
import { NOON, SimulatedMachine } from '../../../support/evaluator';

const DAY = 86_400;
const recording = readRecording(resolve('tests/fixtures/recordings/mixed-load.json.gz'));

/** Evaluates batches one second apart. */
function evaluateAll(batches: Iterable<SampleBatch>): { events: readonly EvaluatedEvent[]; highest: Record<string, number> } {
  const machine = new SimulatedMachine(...DEFAULT_RULES);
  const highest: Record<string, number> = {};
  for (const { readings } of batches) {
    machine.pass(1).batch(readings);
    for (const [family, metric] of [['cpu', 'usage'], ['memory', 'usage'], ['disk', 'usage'], ['temperature', 'hottest']] as const) {
      highest[family] = Math.max(highest[family] ?? 0, readings[family]?.values[metric] ?? 0);
    }
  }
  return { events: machine.events, highest };
}

const isNotified = ({ kind, incident, rule, suppressed }: EvaluatedEvent): boolean =>
  kind !== 'deescalated' && rule?.channels[incident.worst].notify === true && suppressed === undefined;

/** Incidents by rule and severity, for the test's output. */
function counts(events: readonly EvaluatedEvent[]): Record<string, number> {
  const by: Record<string, number> = {};
  for (const { kind, incident } of events) if (kind === 'fired' || kind === 'escalated') by[`${incident.ruleId} ${incident.severity}`] = (by[`${incident.ruleId} ${incident.severity}`] ?? 0) + 1;
  return by;
}

describe('24 hours under the default rules', { timeout: 60_000 }, () => {
  it('of normal desktop use give no notification', () => {
    const { events, highest } = evaluateAll(desktopDay(recording, NOON));
    console.log('a day at a desktop: notifications 0 wanted, %d given; incidents', events.filter(isNotified).length, counts(events), 'highest', highest);
    expect(events.filter(isNotified)).toEqual([]);
    // The day is not idle, and only builds cause warnings.
    expect(highest['cpu']).toBe(100);
    expect(highest['memory']).toBeGreaterThan(55);
    expect(Object.keys(counts(events))).toEqual(['cpu-usage warning']);
    expect(events.filter(({ kind }) => kind === 'fired').length).toBeLessThanOrEqual(9);
  });

  it('of the repeated recording of a machine under test, which is harder, give no notification', () => {
    const play = repeated(recording, NOON);
    const { events } = evaluateAll(Array.from({ length: DAY }, (_, second) => second).values().map(play));
    console.log('the repeated recording: notifications 0 wanted, %d given; incidents', events.filter(isNotified).length, counts(events));
    expect(events.filter(isNotified)).toEqual([]);
  });
});
