/** Whether values are current, for components: of the page, of one metric group, and the text that tells it. */
import { useShallow } from 'zustand/react/shallow';
import { formatMoment } from '../../shared/local-time';
import type { FamilyId } from '../../shared/metrics/index';
import { describeFault, retryText, secondsToRetry, unreadableText } from '../../shared/metrics/fault-labels';
import { FAMILY_IDS, familyOf } from '../../shared/metrics/index';
import type { DeviceFault, Fault } from '../../shared/metrics/reading';
import { presenceOf } from '../lib/card-model';
import { asOfText, familyState, pageStaleness, stalenessText } from '../lib/freshness';
import type { FamilyState, Staleness } from '../lib/freshness';
import { useAppState, useLive } from './app-context';
import { useMachineTime } from './use-machine-time';

function usePaused(): boolean | null {
  return useAppState(({ state }) => state?.paused ?? null);
}

/** Why the values of the page are not current; null while they are. The time in it changes only while they are not. */
export function useStaleness(): Staleness | null {
  const paused = usePaused();
  return useLive(useShallow((state) => pageStaleness({ ...state, paused: paused ?? state.paused })));
}

/** What to show of a family. Renders again only when that changes. */
export function useFamilyState(id: FamilyId): FamilyState {
  const page = useStaleness();
  const [reading, fault, reason, asOf] = useLive(
    useShallow((state) => {
      const of = familyState(id, state, page);
      return [of.reading, of.fault, of.stale?.reason, of.stale?.asOf ?? null] as const;
    }),
  );
  return { reading, fault, stale: reason === undefined ? null : { reason, asOf } };
}

/** Why a family's values are not current; null while they are. Unlike useFamilyState it does not render with each reading. */
export function useFamilyStaleness(id: FamilyId): Staleness | null {
  const page = useStaleness();
  return useLive(useShallow((state) => familyState(id, state, page).stale));
}

/** The families that this machine lacks; the same array as long as they are the same. */
export function useAbsentFamilies(): readonly FamilyId[] {
  return useLive(useShallow((state) => FAMILY_IDS.filter((id) => presenceOf(state.readings[id], state.faults[id]) === 'absent')));
}

/** "as of 07:36". */
export function AsOf({ at }: { readonly at: number | null }) {
  const now = useMachineTime();
  return <span className="as-of">{asOfText(at, now)}</span>;
}

/** "Monitoring paused, as of 07:36"; nothing while the page is current. For pages without metric groups of their own. */
export function PageAsOf() {
  const stale = useStaleness();
  return stale === null ? null : <StalePage stale={stale} />;
}

function StalePage({ stale }: { readonly stale: Staleness }) {
  const now = useMachineTime();
  return <span className="as-of">{stalenessText(stale, now)}</span>;
}

/** "Next try in 10 s." Counts down with the machine's own time; said once by screen readers. */
function Retry({ fault }: { readonly fault: Fault }) {
  const seconds = useLive((state) => secondsToRetry(fault, state.time));
  return <span aria-live="off">{retryText(seconds)}.</span>;
}

/** "does not respond since 07:31, values as of 07:30": why a device has no current values. */
export function DeviceFaultText({ fault }: { readonly fault: DeviceFault }) {
  const now = useMachineTime();
  return (
    <>
      {fault.message} since {formatMoment(fault.since, now)}
      {fault.last !== null && `, values ${asOfText(fault.last.readAt, now)}`}
    </>
  );
}

/** "CPU cannot be read since 07:31. Next try in 10 s." `details` adds the reason, folded. */
export function FaultText({ family, fault, details }: { readonly family: FamilyId; readonly fault: Fault; readonly details: boolean }) {
  const now = useMachineTime();
  const isCurrent = useStaleness() === null;
  return (
    <div className="fault" {...(details ? { role: 'alert' } : { title: describeFault(fault) })}>
      <p>
        <strong>{unreadableText(familyOf(family).label, fault, (time) => formatMoment(time, now))}.</strong> {isCurrent && <Retry fault={fault} />}
      </p>
      {details && (
        <details>
          <summary>Details</summary>
          {describeFault(fault)}
        </details>
      )}
    </div>
  );
}
