import { useSyncExternalStore } from 'react';

const everySecond = (tick: () => void): (() => void) => {
  const timer = setInterval(tick, 1000);
  return () => clearInterval(timer);
};
const never = () => () => undefined;
/** To the second, so that it stays the same while a page is drawn. */
const secondNow = (): number => Math.floor(Date.now() / 1000) * 1000;

/** This page's clock, epoch ms to the second, read again each second while `running`. */
export function useLocalClock(running: boolean): number {
  return useSyncExternalStore(running ? everySecond : never, secondNow);
}
