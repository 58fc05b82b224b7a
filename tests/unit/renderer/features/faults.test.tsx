import { describe, expect, it } from 'vitest';
import { MetricPage } from '../../../../src/renderer/features/metrics/metric-page';
import { MetricCard } from '../../../../src/renderer/features/overview/metric-card';
import { describeFault, FAULT_LABELS } from '../../../../src/shared/metrics/fault-labels';
import type { FaultKind } from '../../../../src/shared/metrics/reading';
import { renderedHtml } from '../../../support/rendered';

const KINDS = Object.entries(FAULT_LABELS) as [FaultKind, string][];
const shown = (kind: FaultKind) => ({ live: { time: 1, faults: { cpu: { kind, message: 'no answer within 5 s', since: 1, nextAt: null } } } });

describe('why a metric group could not be read', () => {
  it.each(KINDS)('is text on its card and its page: %s', (kind, label) => {
    for (const element of [<MetricCard key="card" id="cpu" />, <MetricPage key="page" family="cpu" range={{ kind: 'live', span: '5m' }} compare={undefined} at={undefined} />]) {
      const text = renderedHtml(element, shown(kind));
      expect(text).toContain(`${label}: no answer within 5 s`);
      expect(text).not.toContain(kind);
    }
  });

  it('is one sentence in the timeline', () => {
    expect(describeFault({ kind: 'Timeout', message: 'no answer within 5 s' })).toBe('Timed out: no answer within 5 s');
    expect(describeFault({ kind: 'PermissionDenied', message: '' })).toBe('Permission denied');
  });
});
