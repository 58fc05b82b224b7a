/** The machine's clock for relative times on the page. */
import { useEffect, useState } from 'react';
import { useApp } from './app-context';
import { browserTimers } from '../data/timers';

/** Time between two updates, ms: enough for texts such as "5 min ago". */
const UPDATE_INTERVAL = 20_000;

/**
 * The machine's time, epoch ms, updated every 20 s: the time of the latest batch plus the time since it arrived. So it
 * goes on while monitoring is paused, and does not depend on the clock of the browser.
 */
export function useMachineTime(): number {
  const { live } = useApp();
  const [now, setNow] = useState(() => live.getState().time || Date.now());
  useEffect(() => {
    let latest = { time: live.getState().time, arrivedAt: performance.now() };
    const stopLive = live.subscribe(({ time }) => {
      if (time !== latest.time) latest = { time, arrivedAt: performance.now() };
    });
    let cancel = (): void => undefined;
    const update = (): void => {
      setNow(latest.time === 0 ? Date.now() : latest.time + performance.now() - latest.arrivedAt);
      cancel = browserTimers.after(UPDATE_INTERVAL, update);
    };
    update();
    return () => {
      stopLive();
      cancel();
    };
  }, [live]);
  return now;
}
