import { describe, expect, it } from 'vitest';
import { createVisibilityBuffer } from '../../../../src/renderer/data/visibility-buffer';
import type { SampleBatch, Snapshot } from '../../../../src/shared/metrics/reading';

const batch = (seq: number): SampleBatch => ({ seq, time: seq * 1000, readings: {}, faults: {} });
const snapshot = (seq: number): Snapshot => ({ seq, time: seq * 1000, paused: false, readings: {}, faults: {}, lastKnown: {}, readAt: {} });

describe('createVisibilityBuffer', () => {
  function createBuffer() {
    const log: string[] = [];
    const logLine = (line: string) => () => log.push(line);
    const buffer = createVisibilityBuffer({
      onSnapshot: ({ seq }) => log.push(`snapshot ${seq}`),
      onBatch: (sent) => log.push(`batch ${sent.seq} ${Object.keys(sent.readings).join()}`.trim()),
      onGap: (from, to) => log.push(`gap ${from}-${to}`),
      onAppState: logLine('state'),
      onNavigate: logLine('navigate'),
      onConnection: logLine('connection'),
    });
    return { buffer, log };
  }

  it('buffers batches while hidden, and passes them on in order', () => {
    const { buffer, log } = createBuffer();
    buffer.setVisible(false);
    buffer.sink.onBatch(batch(1));
    buffer.sink.onBatch(batch(2));
    expect(log).toEqual([]);
    buffer.setVisible(true);
    buffer.sink.onBatch(batch(3));
    expect(log).toEqual(['batch 1', 'batch 2', 'batch 3']);
  });

  it('coalesces excess batches into one with the last reading of each family, and reports the gap', () => {
    const { buffer, log } = createBuffer();
    buffer.setVisible(false);
    const disk = { values: { usage: 1 }, devices: {} };
    buffer.sink.onBatch({ ...batch(1), readings: { disk } });
    for (let seq = 2; seq <= 40; seq += 1) buffer.sink.onBatch(batch(seq));
    buffer.setVisible(true);
    expect(log[0]).toBe('batch 10 disk');
    expect(log).toHaveLength(32);
    expect(log.at(-1)).toBe('gap 1000-10000');
  });

  it('discards batches that a snapshot already contains', () => {
    const { buffer, log } = createBuffer();
    buffer.setVisible(false);
    buffer.sink.onBatch(batch(1));
    buffer.sink.onSnapshot(snapshot(2));
    buffer.setVisible(true);
    expect(log).toEqual(['snapshot 2']);
  });

  it('discards a coalesced batch too: it is older than the snapshot', () => {
    const { buffer, log } = createBuffer();
    buffer.setVisible(false);
    for (let seq = 1; seq <= 40; seq += 1) buffer.sink.onBatch(batch(seq));
    buffer.sink.onSnapshot(snapshot(41));
    buffer.setVisible(true);
    expect(log).toEqual(['snapshot 41']);
  });

  it('keeps what a family read last before it failed, although both are in one batch', () => {
    const sent: SampleBatch[] = [];
    const ignore = () => undefined;
    const buffer = createVisibilityBuffer({ onBatch: (one) => sent.push(one), onSnapshot: ignore, onGap: ignore, onAppState: ignore, onNavigate: ignore, onConnection: ignore });
    const disk = { values: { usage: 1 }, devices: {} };
    const fault = { kind: 'Timeout', message: '', since: 2000, nextAt: null } as const;
    buffer.setVisible(false);
    buffer.sink.onBatch({ ...batch(1), readings: { disk } });
    buffer.sink.onBatch({ ...batch(2), faults: { disk: fault } });
    for (let seq = 3; seq <= 40; seq += 1) buffer.sink.onBatch(batch(seq));
    buffer.setVisible(true);
    expect(sent[0]).toMatchObject({ readings: {}, faults: { disk: fault }, lastKnown: { disk: { reading: disk, readAt: 1000 } } });
  });
});
