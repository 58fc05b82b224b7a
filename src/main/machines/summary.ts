/**
 * The room machines: the machines that report to this one. What each is, a pipeline for each of the same parts as this
 * machine's own (hub, history, timeline), and who they are as the grid shows them.
 * It may import src/shared, the engine, lib and its neighbors access, history and timeline. It may not import core, desktop,
 * lan, transports or Electron. It is loaded with the first machine.
 *
 * This file sums a machine up for its card. Pure.
 */
import type { Incident } from '../../shared/alerts/incident';
import { incidentPath } from '../../shared/alerts/incident-path';
import { byUrgency } from '../../shared/alerts/severity';
import type { MachineSummary } from '../../shared/machines/machine-schemas';
import type { Snapshot } from '../../shared/metrics/reading';

/** What the gauges of a card show, percent; null where it is unknown. */
export function usageOf({ readings }: Pick<Snapshot, 'readings'>): MachineSummary['usage'] {
  const at = (family: 'cpu' | 'memory' | 'disk'): number | null => readings[family]?.values['usage'] ?? null;
  return { cpu: at('cpu'), memory: at('memory'), disk: at('disk') };
}

/** The worst of the open incidents; null for none. `now`: epoch ms. */
export function worstOf(open: readonly Incident[], now: number): MachineSummary['worst'] {
  const [worst] = open.toSorted(byUrgency);
  if (worst === undefined) return null;
  return { severity: worst.severity, title: worst.deviceLabel === null ? worst.label : `${worst.label}: ${worst.deviceLabel}`, path: incidentPath(worst, now) };
}
