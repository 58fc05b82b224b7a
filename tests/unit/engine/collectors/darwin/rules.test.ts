/** What the default rules say of a Mac: nothing of what is full by nature, and of memory only when it is missed. */
import { describe, expect, it } from 'vitest';
import { createEvaluator } from '../../../../../src/main/engine/alerts/evaluator';
import { createSampler } from '../../../../../src/main/engine/sampler/sampler';
import { DEFAULT_RULES } from '../../../../../src/shared/alerts/default-rules';
import { printed, RecordedMac } from '../../../../support/recorded-mac';

/** The alerts of ten minutes; `each` runs after every tick. */
async function alertsOf(mac: RecordedMac, each: (tick: number) => void = () => undefined): Promise<string[]> {
  const alerts = new Set<string>();
  const evaluator = createEvaluator({ clock: mac.time, rules: DEFAULT_RULES, timeToFull: () => null });
  let tick = 0;
  const sampler = createSampler({
    collectors: mac.collectors(),
    clock: mac.time,
    timers: mac.time,
    onBatch: (batch) => {
      for (const { kind, incident } of evaluator.evaluate(batch)) alerts.add(`${kind} ${incident.ruleId} ${incident.severity}`);
      tick += 1;
      each(tick);
    },
    onHealth: () => undefined,
  });
  sampler.start();
  await mac.time.pass(600_000);
  sampler.close();
  return [...alerts];
}

const vmStat = printed('macbook-m3-26', 'vm_stat');
/** 88 % in use. */
const FULL = vmStat.replace('416666', '659000');

describe('the default rules on a Mac', () => {
  it.each(['macbook-m3-26', 'imac-intel-13'])('say nothing of %s, with its images, its swap and all of its servers', async (machine) => {
    const mac = new RecordedMac(machine);
    mac.networkMounts = true;
    expect(await alertsOf(mac)).toEqual([]);
  });

  it('say nothing of memory that is put to use', async () => {
    expect(await alertsOf(new RecordedMac('macbook-m3-26').print('vm_stat', FULL))).toEqual([]);
    expect(await alertsOf(new RecordedMac('macbook-m3-26').print('vm_stat', FULL).print('swapusage', 'total = 0.00M  used = 0.00M  free = 0.00M  (encrypted)\n'))).toEqual([]);
  });

  it('speak of memory that is missed: pages are read back all the time', async () => {
    const mac = new RecordedMac('macbook-m3-26').print('vm_stat', FULL);
    // 2 MiB a second.
    const alerts = await alertsOf(mac, (tick) => mac.print('vm_stat', FULL.replace(/(Swapins: *)\d+/, `$1${234_567 + 128 * tick}`)));
    expect(alerts).toContain('fired memory-usage critical');
    expect(alerts.filter((alert) => alert.includes('swap-usage'))).toEqual([]);
  });

  it('speak of the disk when its container is nearly full', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    for (const point of ['/', '/System/Volumes/Data']) mac.space[point] = { blocks: 120_699_413, bfree: 900_000, bavail: 900_000 };
    expect(await alertsOf(mac)).toEqual(['fired disk-space critical']);
  });
});
