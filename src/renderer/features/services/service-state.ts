/** What the page says of a service now, and the order of services. Pure. */
import type { ProbeResult, ServiceStatus } from '../../../shared/services/service-schemas';
import { FAULT_TEXTS, KIND_TEXTS, NOT_MEASURED_TEXTS } from '../../../shared/services/service-text';
import type { Severity } from '../../../shared/metrics/severity';
import { formatAge } from '../../lib/age';

/** The state of a service: a word, its icon, and why. */
export interface StateText {
  readonly word: 'Up' | 'Down' | 'Not measured';
  readonly severity: Severity;
  /** Why it is so; null where there is nothing to add. */
  readonly reason: string | null;
}

/** What came back of a probe that failed: at the machine itself with addresses, elsewhere in words alone. */
function faultText({ fault, text }: Pick<ProbeResult, 'fault' | 'text'>): string {
  return text === '' ? FAULT_TEXTS[fault ?? 'other'] : text;
}

/** What this machine lacks to probe it; null where nothing is known of that. A service that is not measured has a result only then. */
function lackText(result: ProbeResult | null): string | null {
  return result === null || result.text === FAULT_TEXTS.other ? null : faultText(result);
}

/** The state of a service. */
export function stateText({ isUp, notMeasured, result }: Pick<ServiceStatus, 'isUp' | 'notMeasured' | 'result'>): StateText {
  if (isUp === null) return { word: 'Not measured', severity: 'unknown', reason: lackText(result) ?? NOT_MEASURED_TEXTS[notMeasured ?? 'pending'] };
  const fault = result === null || result.ok ? null : faultText(result);
  if (isUp) return { word: 'Up', severity: 'healthy', reason: fault === null ? null : `last probe: ${fault}` };
  return { word: 'Down', severity: 'critical', reason: fault };
}

const RANK = { down: 0, failing: 1, up: 2, unknown: 3 } as const;

function rankOf({ isUp, result }: ServiceStatus): number {
  if (isUp === null) return RANK.unknown;
  if (!isUp) return RANK.down;
  return result !== null && !result.ok ? RANK.failing : RANK.up;
}

/** Those that are down first, then those whose last probe failed, then by name; what is not measured comes last. */
export function inOrder(services: readonly ServiceStatus[]): readonly ServiceStatus[] {
  return services.toSorted((a, b) => rankOf(a) - rankOf(b) || a.name.localeCompare(b.name));
}

/** "Web address · https://example.org/": the kind, and the target where it may be told. */
export function subjectText({ kind, target }: Pick<ServiceStatus, 'kind' | 'target'>): string {
  return target === null || target === '' ? KIND_TEXTS[kind].label : `${KIND_TEXTS[kind].label} · ${target}`;
}

/** "in 12 s", "now"; null where no probe is planned. `now`: the machine's time, epoch ms. */
export function nextText(nextAt: number | null, now: number): string | null {
  if (nextAt === null || now === 0) return null;
  return nextAt - now < 1000 ? 'now' : `in ${formatAge(nextAt - now)}`;
}

/** "2 down, 1 not measured, 5 up". */
export function countsText(services: readonly ServiceStatus[]): string {
  const counts: readonly (readonly [number, string])[] = [
    [services.filter(({ isUp }) => isUp === false).length, 'down'],
    [services.filter(({ isUp }) => isUp === true).length, 'up'],
    [services.filter(({ isUp }) => isUp === null).length, 'not measured'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`).join(', ');
}
