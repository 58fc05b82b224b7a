import { useEffect, useState } from 'react';
import { useApp } from '../../app/app-context';
import { browserTimers } from '../../data/timers';

/** How often the time is told anew, ms: words such as "5 min ago" need no more. */
const STEP = 20_000;

/**
 * The watched machine's time, epoch ms, renewed now and then: the latest batch's own, and what has passed since, so that
 * it goes on while monitoring is paused and a viewer's own clock does not matter.
 */
export function useMachineTime(): number {
  const { live } = useApp();
  const [now, setNow] = useState(() => live.getState().time || Date.now());
  useEffect(() => {
    let known = { time: live.getState().time, at: performance.now() };
    const stopLive = live.subscribe(({ time }) => {
      if (time !== known.time) known = { time, at: performance.now() };
    });
    let cancel = (): void => undefined;
    const tell = (): void => {
      setNow(known.time === 0 ? Date.now() : known.time + performance.now() - known.at);
      cancel = browserTimers.after(STEP, tell);
    };
    tell();
    return () => {
      stopLive();
      cancel();
    };
  }, [live]);
  return now;
}
