/** When the order of the rows is held, so that a row one is about to click or is reading does not move away. */
import type { Timers } from '../../data/timers';

/** The order is held this long after the pointer moved over the rows, ms: one that only rests there points at nothing. */
export const POINTER_HOLD = 2000;

/** Holds the order while the pointer moves over the rows, a row has the focus of the keyboard, or one is open. */
export interface SortHold {
  readonly held: () => boolean;
  pointerMoved(): void;
  pointerLeft(): void;
  focused(isFocused: boolean): void;
  /** `count`: open rows now. One that was opened holds the order; closing the last one ends it. */
  opened(count: number): void;
  /** Sorts again at once, until the next reason to hold. */
  resume(): void;
  stop(): void;
}

/** Creates it; `onChange` is called when the order begins or ceases to be held. */
export function createSortHold(timers: Timers, onChange: (held: boolean) => void): SortHold {
  const reasons = { pointer: false, focus: false, open: false };
  let open = 0;
  let cancel = (): void => undefined;
  let reported = false;
  const held = (): boolean => reasons.pointer || reasons.focus || reasons.open;
  const set = (change: Partial<typeof reasons>): void => {
    Object.assign(reasons, change);
    if (held() === reported) return;
    reported = held();
    onChange(reported);
  };
  return {
    held,
    pointerMoved() {
      cancel();
      cancel = timers.after(POINTER_HOLD, () => set({ pointer: false }));
      set({ pointer: true });
    },
    pointerLeft() {
      cancel();
      set({ pointer: false });
    },
    focused: (focus) => set({ focus }),
    opened(count) {
      const isMore = count > open;
      open = count;
      if (isMore) set({ open: true });
      else if (count === 0) set({ open: false });
    },
    resume() {
      cancel();
      set({ pointer: false, focus: false, open: false });
    },
    stop: () => cancel(),
  };
}
