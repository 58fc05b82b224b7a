/** Hooks for how bad it is and by which thresholds: everything on a page takes its words and marks from here. */
import { useMemo } from 'react';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import { familiesHealth, isJudged, machineHealth, thresholdsOf } from '../../shared/alerts/severity';
import type { Health, RuleThreshold } from '../../shared/alerts/severity';
import type { FamilyId, SeriesKey } from '../../shared/metrics/index';
import { isRaised } from '../../shared/metrics/severity';
import { useAlerts, useAppState, useLive } from './app-context';
import { familyState } from '../lib/freshness';
import { useStaleness } from './staleness';

const NO_INCIDENTS: readonly Incident[] = [];
const NO_RULES: readonly Rule[] = [];

/** Open incidents, the worst first; null until it is known which are open. */
function useOpenIncidents(): readonly Incident[] | null {
  return useAlerts(({ state }) => state?.incidents ?? null);
}

/** The open incidents that mark values: none while it is not known which are open, and none on a page that is not current. */
export function useMarkingIncidents(): readonly Incident[] {
  const open = useOpenIncidents();
  return useStaleness() === null ? (open ?? NO_INCIDENTS) : NO_INCIDENTS;
}

/** The active rules; none until they are known. */
export function useActiveRules(): readonly Rule[] {
  return useAppState(({ state }) => state?.rules ?? NO_RULES);
}

/** The health of the machine; null until it is known which alerts are open, unknown on a page that is not current. */
export function useMachineHealth(): Health | null {
  const open = useOpenIncidents();
  const paused = useStaleness() !== null;
  return useLive(({ readings }) => (open === null ? null : machineHealth({ readings, paused }, open)));
}

/**
 * The health of families that are shown together; null until it is known which alerts are open, where no rule judges any of
 * them, and where the values of those that are judged are not current: then only an open alert is worth a word.
 */
export function useFamiliesHealth(ids: readonly FamilyId[]): Health | null {
  const open = useOpenIncidents();
  const rules = useActiveRules();
  const page = useStaleness();
  const health = useLive(({ readings }) => (open === null ? null : familiesHealth(ids, { readings, paused: false }, open)));
  const judged = useLive((state) => ids.some((id) => familyState(id, state, page).stale === null && isJudged(id, state.readings[id], rules)));
  if (health === null || page !== null) return null;
  return judged || isRaised(health.severity) ? health : null;
}

/** The same for one family. */
export function useFamilyHealth(id: FamilyId): Health | null {
  return useFamiliesHealth([id]);
}

/** The thresholds of a series of the machine, by its rules; the same array as long as those do not change. */
export function useThresholds(series: SeriesKey): readonly RuleThreshold[] {
  const rules = useActiveRules();
  return useMemo(() => thresholdsOf(rules, series, undefined), [rules, series]);
}
