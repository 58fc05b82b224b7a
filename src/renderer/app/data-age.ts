import { useLive } from './app-context';
import { useLocalClock } from '../ui/use-local-clock';

/** How long ago the last news came, ms, told anew each second while `asked`; null before there were any. */
export function useDataAge(asked: boolean): number | null {
  const heardAt = useLive((state) => (asked ? state.heardAt : null));
  const now = useLocalClock(asked);
  return heardAt === null ? null : Math.max(0, now - heardAt);
}
