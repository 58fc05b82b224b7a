/** The state of a machine as icon and word, and how old what is known of it is. */
import { memo, useCallback, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { MachineState, MachineSummary } from '../../../shared/machines/machine-schemas';
import { useApp } from '../../app/app-context';
import { formatDateTime } from '../../lib/range';
import { isCurrent, reportAgeText, STATE_HELP, stateText } from './machine-text';

const SHAPES: Readonly<Record<MachineState, { readonly d: string; readonly filled?: true }>> = {
  live: { d: 'M6 2.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7Z', filled: true },
  catchingUp: { d: 'M1.5 2.5 5 6 1.5 9.5M6.5 2.5 10 6 6.5 9.5' },
  late: { d: 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9ZM6 3.5V6L7.8 7.4' },
  away: { d: 'M2.2 2.2 9.8 9.8M9.8 2.2 2.2 9.8' },
  asleep: { d: 'M9.8 7.6A4.6 4.6 0 0 1 4.4 2.2A4.6 4.6 0 1 0 9.8 7.6Z', filled: true },
  stopped: { d: 'M2.5 2.5h7v7h-7Z' },
  paused: { d: 'M4 2.2v7.6M8 2.2v7.6' },
  revoked: { d: 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9ZM2.9 2.9 9.1 9.1' },
};

/** Icon of a state, distinguishable without color. */
const StateIcon = memo(function StateIcon({ state }: { readonly state: MachineState }) {
  const { d, filled = false } = SHAPES[state];
  return (
    <svg className="machine-state-icon" data-state={state} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={d} fill={filled ? 'currentColor' : 'none'} stroke={filled ? 'none' : 'currentColor'} strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
});

/** One timer for all ages on the page. */
const ages = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
function everySecond(tick: () => void): () => void {
  ages.add(tick);
  timer ??= setInterval(() => ages.forEach((one) => one()), 1000);
  return () => {
    ages.delete(tick);
    if (ages.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** "now", "25 s ago": how long ago, epoch ms of the hub; `isLong`: in words. Renders only when that text changes. */
function ReportAge({ at, isLong }: { readonly at: number | null; readonly isLong: boolean }) {
  const { machines } = useApp();
  const ahead = useStore(machines.store, (slice) => slice.ahead);
  const textNow = useCallback(() => (at === null ? 'no report yet' : reportAgeText(Date.now() + ahead - at, isLong)), [at, ahead, isLong]);
  const text = useSyncExternalStore(everySecond, textNow, textNow);
  return (
    <span className="machine-age" title={at === null ? undefined : `Last report ${formatDateTime(at)}`}>
      {text}
    </span>
  );
}

/** Icon, word, how far it is in catching up, and the age of the last report. */
export function MachineStateText({ machine }: { readonly machine: Pick<MachineSummary, 'state' | 'behind' | 'reportedAt'> }) {
  return (
    <span className="machine-state" data-state={machine.state} title={STATE_HELP[machine.state]}>
      <StateIcon state={machine.state} />
      <span className="machine-state-word">{stateText(machine)}</span>
      <span className="quiet" aria-live="off">
        {' · '}
        <ReportAge at={machine.reportedAt} isLong={!isCurrent(machine)} />
      </span>
    </span>
  );
}
