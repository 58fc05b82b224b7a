import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coalesce, toBatch } from '../../../../src/main/engine/coalesce';
import { EMPTY_SNAPSHOT, mergeBatch } from '../../../../src/shared/metrics/merge';
import type { FamilyId } from '../../../../src/shared/metrics/index';
import type { SampleBatch, Snapshot } from '../../../../src/shared/metrics/reading';

type Step = 'read' | 'fail' | 'skip';
const FAMILIES = ['cpu', 'disk', 'network'] as const satisfies readonly FamilyId[];

function batchOf(seq: number, steps: readonly Step[]): SampleBatch {
  const of = (step: Step) => FAMILIES.filter((_, at) => steps[at] === step);
  return {
    seq,
    time: seq * 1000,
    readings: Object.fromEntries(of('read').map((id) => [id, { values: { usage: seq }, devices: {} }])),
    faults: Object.fromEntries(of('fail').map((id) => [id, { kind: 'Timeout' as const, message: '', since: seq, nextAt: null }])),
  };
}

const step = fc.constantFrom<Step>('read', 'fail', 'skip');
const run = fc.array(fc.tuple(step, step, step), { maxLength: 12 }).map((all) => all.map((steps, at) => batchOf(at + 1, steps)));
const stateAfter = (batches: readonly SampleBatch[]): Snapshot => batches.reduce(mergeBatch, EMPTY_SNAPSHOT);

describe('the last known state', () => {
  it('of any sequence has of each family either a current reading or a fault with what was read before it', () => {
    fc.assert(
      fc.property(run, (batches) => {
        const state = stateAfter(batches);
        for (const id of FAMILIES) {
          const latest = batches.findLast(({ readings, faults }) => readings[id] !== undefined || faults[id] !== undefined);
          const read = batches.findLast(({ readings }) => readings[id] !== undefined);
          const failing = latest?.faults[id] !== undefined;
          expect(state.faults[id]).toEqual(latest?.faults[id]);
          expect(state.readings[id]).toEqual(failing ? undefined : read?.readings[id]);
          expect(state.lastKnown[id]).toEqual(failing && read !== undefined ? { reading: read.readings[id], readAt: read.time } : undefined);
        }
      }),
    );
  });

  it('is the same through batches that were coalesced on the way', () => {
    fc.assert(
      fc.property(run, fc.nat(12), (batches, at) => {
        const [before, after] = [batches.slice(0, at), batches.slice(at)];
        if (after.length === 0) return;
        const merged = after.reduce((pending: Parameters<typeof coalesce>[0], batch) => coalesce(pending, batch), null);
        const through = mergeBatch(stateAfter(before), toBatch(merged ?? coalesce(null, batchOf(1, []))));
        const { lastKnown, readings, faults } = stateAfter(batches);
        expect({ lastKnown: through.lastKnown, readings: through.readings, faults: through.faults }).toEqual({ lastKnown, readings, faults });
      }),
    );
  });

  it('costs no new objects for faults while nothing fails', () => {
    const state = mergeBatch(EMPTY_SNAPSHOT, batchOf(1, ['read', 'read', 'read']));
    expect(state.faults).toBe(EMPTY_SNAPSHOT.faults);
    expect(state.lastKnown).toBe(EMPTY_SNAPSHOT.lastKnown);
  });
});
