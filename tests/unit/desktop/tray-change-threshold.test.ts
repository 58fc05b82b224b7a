import { describe, expect, it } from 'vitest';
import type { Reading, Snapshot } from '../../../src/shared/metrics/reading';
import { hasMoved } from '../../../src/main/desktop/tray-change-threshold';

type Readings = Snapshot['readings'];

const reading = (values: Reading['values']): Reading => ({ values, devices: {} });
const at = (usage: number | null, rx: number | null = 0): Readings => ({ cpu: reading({ usage }), network: reading({ rx, tx: 0 }) });

describe('hasMoved', () => {
  it('ignores the noise of an idle machine', () => {
    expect(hasMoved(at(1.5, 900), at(4, 60_000))).toBe(false);
    expect(hasMoved(at(1.5, 20_000_000), at(1.5, 25_000_000))).toBe(false);
  });

  it('detects visible changes', () => {
    expect(hasMoved(at(2), at(7))).toBe(true);
    expect(hasMoved(at(90), at(10))).toBe(true);
    expect(hasMoved(at(2, 1000), at(2, 2_000_000))).toBe(true);
    expect(hasMoved(at(2, 2_000_000), at(2, 1000))).toBe(true);
  });

  it('detects a value that appears or disappears, and ignores one that was never there', () => {
    expect(hasMoved(at(2), at(null))).toBe(true);
    expect(hasMoved(at(null), at(2))).toBe(true);
    expect(hasMoved({}, at(2))).toBe(true);
    expect(hasMoved({}, {})).toBe(false);
    expect(hasMoved(at(null, null), at(null, null))).toBe(false);
  });
});
