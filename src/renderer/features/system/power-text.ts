/** Titles of what came of a restart or a shutdown that was requested. */
import type { PowerAction } from '../../../shared/power/power-labels';
import type { PowerOutcome } from '../../../shared/power/power-schemas';

const NOUNS: Readonly<Record<PowerAction, string>> = { reboot: 'Restart', shutdown: 'Shutdown' };

/** "Restart cancelled", "Shutdown failed". */
export function powerOutcomeTitle({ action, result }: Pick<PowerOutcome, 'action' | 'result'>): string {
  return `${NOUNS[action]} ${result}`;
}
