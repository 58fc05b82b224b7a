/** The clock of this page, for countdowns and ages. */
import { useSyncExternalStore } from 'react';

const everySecond = (tick: () => void): (() => void) => {
  const timer = setInterval(tick, 1000);
  return () => clearInterval(timer);
};
const never = () => () => undefined;
/** Rounded to the second, so that it is constant during one render. */
const secondNow = (): number => Math.floor(Date.now() / 1000) * 1000;

/** Time of this page's clock, epoch ms rounded down to the second; renders each second while `running`. */
export function useLocalClock(running: boolean): number {
  return useSyncExternalStore(running ? everySecond : never, secondNow, secondNow);
}
