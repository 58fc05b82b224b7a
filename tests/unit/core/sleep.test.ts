/** Sleep is told once and as sleep, whatever the system says about it, when it says so, and whichever clocks it has. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMonitoring } from '../../../src/main/core/monitoring';
import { AWAKE_AFTER } from '../../../src/main/core/suspend-watch';
import { createSampler } from '../../../src/main/engine/sampler/sampler';
import { wokeIn } from '../../../src/main/engine/sampler/sleep-times.darwin';
import type { GapReason, SampleBatch } from '../../../src/shared/metrics/reading';
import { FakeTime, fakeCollectors } from '../../support/collectors';

/** The kinds of systems: Linux; Windows with its clock that stands still in sleep, in Modern Standby, where that goes on, and without it; macOS, whose kernel can be asked. */
const SYSTEMS = ['linux', 'windows', 'modern standby', 'windows without the clock', 'mac'] as const;
type SystemKind = (typeof SYSTEMS)[number];

const AWAKE = { linux: 'mono', windows: 'own clock', 'modern standby': 'light sleep', 'windows without the clock': 'none', mac: 'none' } as const;

/** A machine that is watched. `gaps`: reasons as they stand at the end, in order, without that of the start. */
function watched(kind: SystemKind, kernelAnswers = true) {
  const time = new FakeTime(AWAKE[kind]);
  const batches: SampleBatch[] = [];
  const learned = new Set<number>();
  const kernel = { wokeAt: 0, asked: 0 };
  const sampler = createSampler({
    collectors: fakeCollectors().set,
    clock: time,
    timers: time,
    onBatch: (batch) => batches.push(batch),
    onHealth: () => undefined,
    onSleepLearned: (at) => learned.add(at),
    ...(kind === 'mac'
      ? {
          askWhetherSlept: (from: number, to: number) => {
            kernel.asked += 1;
            return Promise.resolve(kernelAnswers ? wokeIn(`{ sec = 0, usec = 0 } x\n{ sec = ${Math.floor(kernel.wokeAt / 1000)}, usec = 0 } x`, from, to) : null);
          },
        }
      : {}),
  });
  const told: string[] = [];
  const monitoring = createMonitoring({ sampler, hub: { setPaused: () => undefined }, store: { commit: () => true }, timers: time, sleeper: { suspend: () => told.push('suspend'), resume: () => told.push('resume') }, onChange: () => undefined });
  monitoring.start();
  return {
    time,
    monitoring,
    kernel,
    batches,
    /** What services were told. */
    told,
    sleep(ms: number) {
      time.sleep(ms);
      kernel.wokeAt = time.wall;
    },
    gaps: (): GapReason[] => batches.slice(1).flatMap((batch) => (batch.gap === undefined ? [] : [learned.has(batch.time) ? 'sleep' : batch.gap])),
    close: () => {
      monitoring.stop();
      sampler.close();
    },
  };
}

describe.each(SYSTEMS)('on %s', (kind) => {
  it('a suspend without a resume is noticed after half a minute in which the program runs, with one gap', async () => {
    const machine = watched(kind);
    await machine.time.pass(5000);
    machine.monitoring.suspend();
    const before = machine.batches.length;
    await machine.time.pass(AWAKE_AFTER / 2);
    machine.sleep(8 * 3_600_000);
    await machine.time.pass(AWAKE_AFTER / 2 - 2000);
    expect(machine.batches).toHaveLength(before);
    await machine.time.pass(5000);
    expect(machine.batches.length).toBeGreaterThan(before);
    machine.monitoring.resume();
    await machine.time.pass(120_000);
    expect(machine.gaps()).toEqual(['sleep']);
    expect(machine.told).toEqual(['suspend', 'resume']);
    machine.close();
  });

  it('an unlocked screen or a plugged charger ends a suspend, and does nothing otherwise', async () => {
    const machine = watched(kind);
    await machine.time.pass(5000);
    machine.monitoring.noteAwake();
    machine.monitoring.suspend();
    machine.sleep(3_600_000);
    machine.monitoring.noteAwake();
    await machine.time.pass(60_000);
    machine.monitoring.noteAwake();
    await machine.time.pass(5000);
    expect(machine.gaps()).toEqual(['sleep']);
    machine.close();
  });

  it('what the user paused stays paused after a sleep', async () => {
    const machine = watched(kind);
    await machine.time.pass(5000);
    machine.monitoring.setPaused(true);
    const before = machine.batches.length;
    machine.monitoring.suspend();
    machine.sleep(3_600_000);
    machine.monitoring.resume();
    await machine.time.pass(AWAKE_AFTER * 2);
    expect(machine.batches).toHaveLength(before);
    expect(machine.told).toEqual(['suspend', 'resume']);
    machine.monitoring.setPaused(false);
    await machine.time.pass(5000);
    expect(machine.gaps()).toHaveLength(1);
    machine.close();
  });

  it('a stalled process is a stall, and no sleep', async () => {
    const machine = watched(kind);
    await machine.time.pass(5000);
    machine.time.stall(20_000);
    await machine.time.pass(120_000);
    expect(machine.gaps()).toEqual(['stall']);
    machine.close();
  });

  it('a clock that is set is that', async () => {
    const machine = watched(kind);
    await machine.time.pass(5000);
    machine.time.wall += 3_600_000;
    await machine.time.pass(120_000);
    machine.time.wall -= 7_200_000;
    await machine.time.pass(120_000);
    expect(machine.gaps()).toEqual(['clock', 'clock']);
    expect(machine.kernel.asked).toBe(0);
    machine.close();
  });

  // An event comes so long after waking, before sleeping (-1), or never (null); two at the same time in this order.
  const after = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 900 }), fc.integer({ min: 901, max: 20_000 }));
  const sleep = fc.record({
    run: fc.integer({ min: 45_000, max: 100_000 }),
    sleep: fc.oneof(fc.integer({ min: 8000, max: 70_000 }), fc.integer({ min: 3_600_000, max: 40_000_000 })),
    suspend: fc.oneof(fc.constant(-1), fc.constant(null), after),
    resume: fc.oneof(fc.constant(null), after),
    resumeFirst: fc.boolean(),
    tickFirst: fc.boolean(),
  });

  it('every sleep is one gap, in whatever order its events and the late tick come, and with none of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sleep, { minLength: 1, maxLength: 3 }), async (nights) => {
        const machine = watched(kind);
        const { time, monitoring } = machine;
        const expected: GapReason[] = [];
        for (const night of nights) {
          await time.pass(night.run);
          if (night.suspend === -1) monitoring.suspend();
          machine.sleep(night.sleep);
          const events = [
            ...(night.suspend === null || night.suspend === -1 ? [] : [{ at: night.suspend, say: () => monitoring.suspend() }]),
            ...(night.resume === null ? [] : [{ at: night.resume, say: () => monitoring.resume() }]),
          ].toSorted((a, b) => a.at - b.at || (night.resumeFirst ? -1 : 1));
          if (night.tickFirst) await time.pass(0);
          let passed = 0;
          for (const { at, say } of events) {
            await time.pass(at - passed);
            passed = at;
            say();
          }
          await time.pass(45_000);
          // Without a clock that proves it, a kernel to ask or an event nobody can know.
          const isTold = (kind !== 'windows without the clock' && kind !== 'modern standby') || night.resume !== null || night.suspend === -1 || (night.suspend !== null && night.suspend === 0 && !night.tickFirst);
          expected.push(isTold ? 'sleep' : 'stall');
        }
        await time.pass(5000);
        const found = machine.gaps();
        machine.close();
        expect(found).toHaveLength(expected.length);
        for (const [index, reason] of expected.entries()) if (reason === 'sleep') expect(found[index]).toBe('sleep');
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(['windows without the clock', 'modern standby'] as const)('where no clock tells sleep: %s', (kind) => {
  it.each([
    [500, 'sleep'],
    [5000, 'sleep'],
    [59_000, 'sleep'],
    [62_000, 'stall'],
    [null, 'stall'],
  ] as const)('a resume %j ms after waking makes it %s', async (after, reason) => {
    const machine = watched(kind);
    await machine.time.pass(5000);
    machine.sleep(3_600_000);
    await machine.time.pass(after ?? 90_000);
    if (after !== null) machine.monitoring.resume();
    await machine.time.pass(5000);
    expect(machine.gaps()).toEqual([reason]);
    machine.close();
  });

  it('the first batch waits for the word for a second at most, and samples are taken again at once', async () => {
    const machine = watched(kind);
    await machine.time.pass(5000);
    machine.sleep(3_600_000);
    const before = machine.batches.length;
    const woke = machine.time.wall;
    await machine.time.pass(3000);
    expect((machine.batches[before]?.time ?? 0) - woke).toBeLessThanOrEqual(1000);
    expect(machine.batches.length - before).toBe(3);
    machine.close();
  });

  it('the kernel of a Mac is asked once for each late tick, and a Mac that does not answer says it by its event', async () => {
    const machine = watched('mac', false);
    await machine.time.pass(60_000);
    expect(machine.kernel.asked).toBe(0);
    machine.sleep(3_600_000);
    await machine.time.pass(10_000);
    expect([machine.kernel.asked, machine.gaps()]).toEqual([1, ['stall']]);
    machine.monitoring.resume();
    expect(machine.gaps()).toEqual(['sleep']);
    machine.close();
  });

  it('a pause by the user ends the wait', async () => {
    const machine = watched(kind);
    await machine.time.pass(5000);
    machine.sleep(3_600_000);
    await machine.time.pass(300);
    machine.monitoring.setPaused(true);
    const before = machine.batches.length;
    await machine.time.pass(30_000);
    expect(machine.batches).toHaveLength(before);
    machine.monitoring.setPaused(false);
    await machine.time.pass(3000);
    expect(machine.gaps()).toEqual(['pause']);
    machine.close();
  });
});
