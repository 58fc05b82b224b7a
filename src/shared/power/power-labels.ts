/** Restarting and shutting down in words; apart from the schemas, which a page does not need. */
import type { PowerAction } from './power-schemas';

/** What a button says, and what the machine does. */
export const POWER_LABELS: Readonly<Record<PowerAction, { readonly do: string; readonly doing: string }>> = {
  reboot: { do: 'Restart', doing: 'restarts' },
  shutdown: { do: 'Shut down', doing: 'shuts down' },
};

/** Seconds of a countdown that may be chosen. */
export const COUNTDOWN = { min: 10, max: 300 } as const;
