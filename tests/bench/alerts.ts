/**
 * Runs the rule engine alone, without waiting between batches, and prints its resource use as JSON. Argument: number of
 * batches per case. Start it with --expose-gc and a large young generation (--max-semi-space-size), so that nothing is
 * collected while allocated bytes are counted.
 */
import type * as z from 'zod';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import { EVERY_DEVICE, ruleSchema } from '../../src/shared/alerts/rule';
import type { Rule } from '../../src/shared/alerts/rule';
import { familyOf } from '../../src/shared/metrics/index';
import type { FamilyId } from '../../src/shared/metrics/index';
import type { DeviceReading, Reading, SampleBatch } from '../../src/shared/metrics/reading';
import { createEvaluator } from '../../src/main/engine/alerts/evaluator';

/** Result of one case. */
export interface AlertsUse {
  readonly what: string;
  readonly rules: number;
  readonly series: number;
  /** Rules times the series each applies to. */
  readonly pairs: number;
  /** Incidents open during the measurement. */
  readonly open: number;
  readonly cpuMsPerBatch: number;
  readonly bytesPerBatch: number;
}

/** Device metrics under test, 50 devices each. */
const TARGETS: readonly (readonly [FamilyId, string])[] = [
  ['cpu', 'usage'],
  ['disk', 'usage'],
  ['disk', 'inodeUsage'],
  ['diskio', 'busy'],
  ['diskio', 'write'],
  ['network', 'rx'],
  ['network', 'tx'],
  ['temperature', 'value'],
  ['frequency', 'speed'],
  ['self', 'time'],
];
const DEVICES = 50;
const RULES = 200;
const THRESHOLD = 50;
/** Batches before the measurement: code not compiled yet allocates. */
const WARM_UP = 3000;
/** Batches whose bytes are counted: few enough to avoid a garbage collection. */
const COUNTED = 300;
/** Number of different batches, used in turn. */
const VARIANTS = 16;

function ruleOf(at: number, [family, metric]: readonly [FamilyId, string]): Rule {
  // Slightly different thresholds, as in real rules.
  const level = (by: number): z.input<typeof ruleSchema>['warning'] => ({ threshold: THRESHOLD + by + at / 10, recoverAt: THRESHOLD - 5, forSeconds: 5 });
  return ruleSchema.parse({ id: `rule-${at}`, label: `Rule ${at}`, family, metric, device: EVERY_DEVICE, warning: level(0), critical: level(20) });
}

/** A reading with all metrics of the family and a number of devices with their values. */
function readingOf(family: FamilyId, devices: number, value: (device: number) => number): Reading {
  const { metrics, device } = familyOf(family);
  const fill = (names: object, number: number): Record<string, number> => Object.fromEntries(Object.keys(names).map((name) => [name, number]));
  const all = Array.from({ length: devices }, (_, i): [string, DeviceReading] => [`device-${i}`, { label: `Device ${i}`, values: fill(device.metrics, value(i)) }]);
  return { values: fill(metrics, 1), devices: Object.fromEntries(all) };
}

function batchesOf(families: readonly FamilyId[], devices: number, value: (device: number, variant: number) => number): SampleBatch[] {
  return Array.from({ length: VARIANTS }, (_, variant) => ({
    seq: variant,
    time: 0,
    readings: Object.fromEntries(families.map((family) => [family, readingOf(family, devices, (device) => value(device, variant))])),
    faults: {},
  }));
}

interface Case {
  readonly what: string;
  readonly rules: readonly Rule[];
  readonly batches: readonly SampleBatch[];
  readonly series: number;
  readonly pairs: number;
}

function measure({ what, rules, batches, series, pairs }: Case, count: number): AlertsUse {
  let mono = 0;
  const evaluator = createEvaluator({ clock: { now: () => mono, mono: () => mono, boot: () => mono }, rules });
  const drive = (times: number): void => {
    for (let i = 0; i < times; i += 1) {
      mono += 1000;
      const batch = batches[i % VARIANTS];
      if (batch !== undefined) evaluator.evaluate(batch);
    }
  };
  drive(WARM_UP);
  const cpu = process.cpuUsage();
  drive(count);
  const { user, system } = process.cpuUsage(cpu);
  const counted = Math.min(count, COUNTED);
  collect();
  const before = process.memoryUsage().heapUsed;
  drive(counted);
  const bytes = process.memoryUsage().heapUsed - before;
  return { what, rules: rules.length, series, pairs, open: evaluator.open().length, cpuMsPerBatch: (user + system) / 1000 / count, bytesPerBatch: bytes / counted };
}

/** Collects the young generation. A full collection would discard compiled code, too. */
function collect(): void {
  const gc: unknown = Reflect.get(globalThis, 'gc');
  if (typeof gc !== 'function') throw new Error('start this with --expose-gc');
  Reflect.apply(gc, undefined, [{ type: 'minor' }]);
}

const count = Number(process.argv[2] ?? '2000');
const families = [...new Set(TARGETS.map(([family]) => family))];
const spread = Array.from({ length: RULES }, (_, at) => ruleOf(at, TARGETS[at % TARGETS.length] ?? ['cpu', 'usage']));
const series = TARGETS.length * DEVICES;
const pairs = RULES * DEVICES;
const one = Array.from({ length: RULES }, (_, at) => ruleOf(at, ['cpu', 'usage']));
const quiet = (device: number, variant: number): number => 10 + ((device * 7 + variant * 3) % 30);
const few = (device: number, variant: number): number => (device === 0 ? 90 : quiet(device, variant));
const allHigh = (_: number, variant: number): number => 90 + (variant % 5);

const cases: Case[] = [
  { what: 'default rules, a quiet machine', rules: DEFAULT_RULES, batches: batchesOf(['cpu', 'memory', 'disk', 'temperature', 'self'], 4, quiet), series: 4 + 8 * 4, pairs: 4 + 4 * 4 },
  { what: '200 rules on 500 series, 20 on each, quiet', rules: spread, batches: batchesOf(families, DEVICES, quiet), series, pairs },
  { what: '200 rules on 500 series, each on all, quiet', rules: one, batches: batchesOf(['cpu'], series, quiet), series, pairs: RULES * series },
  { what: '200 rules on 500 series, one series in 50 above thresholds', rules: spread, batches: batchesOf(families, DEVICES, few), series, pairs },
  { what: '200 rules on 500 series, all above thresholds', rules: spread, batches: batchesOf(families, DEVICES, allHigh), series, pairs },
];
process.stdout.write(JSON.stringify(cases.map((one) => measure(one, count))));
