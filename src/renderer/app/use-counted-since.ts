/** Since when the sums of a family count, as text that changes with the minute at most. */
import { countedSince } from '../../shared/metrics/counter-start';
import type { FamilyId } from '../../shared/metrics/index';
import { countedSinceText } from '../lib/counted-since';
import { useLive } from './app-context';

/** "since boot, 3 d ago", of the machine's sums or of one device's; null while unknown. */
export function useCountedSince(family: FamilyId, device?: string): string | null {
  return useLive((state) => countedSinceText(countedSince(state, family, device), state.time));
}
