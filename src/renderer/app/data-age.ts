import { useLive } from './app-context';
import { useLocalClock } from '../ui/use-local-clock';

/** Time since the last data arrived, ms, updated each second while `active`; null before any has. */
export function useDataAge(active: boolean): number | null {
  const receivedAt = useLive((state) => (active ? state.receivedAt : null));
  const now = useLocalClock(active);
  return receivedAt === null ? null : Math.max(0, now - receivedAt);
}
