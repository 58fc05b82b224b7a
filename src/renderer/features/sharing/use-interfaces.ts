/** The machine's network interfaces, updated while the Sharing page is visible. */
import { useEffect, useState } from 'react';
import type { LanInterface } from '../../../shared/sharing/interface-schemas';
import { useApp } from '../../app/app-context';

/** Time between two queries, ms: short enough that a cable plugged in appears at once. */
const REFRESH_INTERVAL = 2000;

/** The latest interfaces and the state of the query. */
export interface InterfacesResult {
  /** Null before the first response. */
  readonly list: readonly LanInterface[] | null;
  /** Why the last query failed; null if it did not. */
  readonly failure: string | null;
}

/** The interfaces, queried repeatedly while mounted and visible. */
export function useInterfaces(): InterfacesResult {
  const { client, timers } = useApp();
  const [result, setResult] = useState<InterfacesResult>({ list: null, failure: null });
  useEffect(() => {
    let stopped = false;
    let loading = false;
    let cancel = (): void => undefined;
    const load = async (): Promise<void> => {
      if (loading || stopped || document.hidden) return;
      cancel();
      loading = true;
      const response = await client.call('lanInterfaces', {});
      loading = false;
      if (stopped) return;
      setResult((before) => {
        const next = response.ok ? { list: response.value, failure: null } : { ...before, failure: response.message };
        return JSON.stringify(next) === JSON.stringify(before) ? before : next;
      });
      cancel = timers.after(REFRESH_INTERVAL, () => void load());
    };
    const onVisibilityChange = (): void => void load();
    document.addEventListener('visibilitychange', onVisibilityChange);
    void load();
    return () => {
      stopped = true;
      cancel();
      document.removeEventListener('visibilitychange', onVisibilityChange);
    };
  }, [client, timers]);
  return result;
}
