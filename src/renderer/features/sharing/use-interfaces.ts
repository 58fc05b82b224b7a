import { useEffect, useState } from 'react';
import type { LanInterface } from '../../../shared/sharing/interface-schemas';
import { useApp } from '../../app/app-context';

/** Between two looks, ms: a cable that was put in shows before the person wonders. */
const PACE = 2000;

/** What is known of the interfaces. */
export interface InterfacesResult {
  /** Null before the first answer. */
  readonly list: readonly LanInterface[] | null;
  /** Why the last question has no answer; null when it has. */
  readonly failure: string | null;
}

/** The machine's interfaces, looked at anew while mounted and seen. */
export function useInterfaces(): InterfacesResult {
  const { client, timers } = useApp();
  const [answer, setAnswer] = useState<InterfacesResult>({ list: null, failure: null });
  useEffect(() => {
    let stopped = false;
    let waiting = false;
    let cancel = (): void => undefined;
    const look = async (): Promise<void> => {
      if (waiting || stopped || document.hidden) return;
      cancel();
      waiting = true;
      const result = await client.call('lanInterfaces', {});
      waiting = false;
      if (stopped) return;
      setAnswer((before) => {
        const next = result.ok ? { list: result.value, failure: null } : { ...before, failure: result.message };
        return JSON.stringify(next) === JSON.stringify(before) ? before : next;
      });
      cancel = timers.after(PACE, () => void look());
    };
    const onSeen = (): void => void look();
    document.addEventListener('visibilitychange', onSeen);
    void look();
    return () => {
      stopped = true;
      cancel();
      document.removeEventListener('visibilitychange', onSeen);
    };
  }, [client, timers]);
  return answer;
}
