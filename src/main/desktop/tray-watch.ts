/**
 * Watches for the system tray until the icon is in it: at login the panel may start long after the app. Each look starts a
 * short process (about 5 ms of CPU time), so the looks become rare, and end with the icon: Electron registers it again with
 * a panel that restarts later.
 */
import { messageOf } from '../../shared/result';
import type { TrayState } from '../../shared/tray-status';
import type { Timers } from '../engine/clock';
import type { TrayHost } from './tray-host';

/** Delays before the next look, ms; the last one repeats. */
const LOOK_DELAYS = [2000, 5000, 8000, 15_000, 30_000, 60_000] as const;

/** The state after a look, `waited` ms after the first. Pure. */
export function nextTrayState(state: TrayState, host: Pick<TrayHost, 'state'>, waited: number, patience: number): TrayState {
  if (host.state === 'present') return 'present';
  // What cannot be queried may be there: it is no reason to show a notice or to quit.
  if (host.state === 'unknown') return state;
  if (state === 'present' || state === 'lost') return 'lost';
  return state === 'missing' || waited >= patience ? 'missing' : 'waiting';
}

/** What the watch needs. */
export interface TrayWatchParts {
  readonly timers: Timers;
  /** Milliseconds of the monotonic clock. */
  readonly mono: () => number;
  readonly detect: () => Promise<TrayHost>;
  /** True when the icon is in the tray, false when it is not, null where that is unknown. */
  readonly isRegistered: () => Promise<boolean | null>;
  /** Makes the icon again. */
  readonly recreate: () => void;
  /** Without a tray for so long, ms, it counts as missing. */
  readonly patience: number;
  /** Called after each look that changed the state or its reason. */
  readonly onChange: (state: TrayState, reason: string) => void;
}

/** Looks for the tray. */
export interface TrayWatch {
  state(): TrayState;
  /** Looks now, and from then on again as after the start. */
  look(): void;
  stop(): void;
}

/** Looks at once. */
export function startTrayWatch(parts: TrayWatchParts): TrayWatch {
  const { timers, mono, patience, onChange } = parts;
  const startedAt = mono();
  const find = createFinder(parts);
  let state: TrayState = 'unknown';
  let reported = '';
  let looks = 0;
  let isLooking = false;
  let isStopped = false;
  let cancel = (): void => undefined;

  const lookOnce = async (): Promise<void> => {
    const { host, isDone } = await find(() => isStopped);
    isLooking = false;
    if (isStopped) return;
    state = nextTrayState(state, host, mono() - startedAt, patience);
    if (!isDone) {
      cancel = timers.after(LOOK_DELAYS[Math.min(looks, LOOK_DELAYS.length - 1)] ?? 0, begin);
      looks += 1;
    }
    const report = `${state} ${host.reason}`;
    if (report === reported) return;
    reported = report;
    onChange(state, host.reason);
  };

  const begin = (): void => {
    cancel();
    if (isLooking || isStopped) return;
    isLooking = true;
    void lookOnce();
  };

  begin();
  return {
    state: () => state,
    look() {
      looks = 0;
      begin();
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}

/** Returns the function that looks once and makes the icon again where it is not in the tray; `isDone` is false where another look is needed. Never rejects. */
function createFinder({ detect, isRegistered, recreate }: TrayWatchParts) {
  // Made before the tray was there, the icon is not in it. Otherwise it may be about to be registered: it gets one more look.
  let isOverdue = false;
  const findIcon = async (isStopped: () => boolean): Promise<boolean> => {
    const wasOverdue = isOverdue;
    const isThere = (await isRegistered()) ?? !wasOverdue;
    isOverdue = !isThere && !wasOverdue;
    if (!isThere && wasOverdue && !isStopped()) recreate();
    return !isOverdue;
  };
  return async (isStopped: () => boolean): Promise<{ readonly host: TrayHost; readonly isDone: boolean }> => {
    try {
      const host = await detect();
      if (host.state === 'present') return { host, isDone: host.isFinal === true || (await findIcon(isStopped)) };
      isOverdue = true;
      return { host, isDone: host.isFinal === true };
    } catch (error) {
      isOverdue = true;
      return { host: { state: 'unknown', reason: messageOf(error) }, isDone: false };
    }
  };
}
