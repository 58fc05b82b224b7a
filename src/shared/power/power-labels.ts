/** Names and bounds of restarting and shutting down, apart from the schemas, which a page does not load. */

/** What can be done to the machine. */
export const POWER_ACTIONS = ['reboot', 'shutdown'] as const;
/** What can be done to the machine. */
export type PowerAction = (typeof POWER_ACTIONS)[number];

/** What a button says, and what the machine does. */
export const POWER_LABELS: Readonly<Record<PowerAction, { readonly do: string; readonly doing: string }>> = {
  reboot: { do: 'Restart', doing: 'restarts' },
  shutdown: { do: 'Shut down', doing: 'shuts down' },
};

/** Seconds of a countdown that may be chosen. */
export const COUNTDOWN = { min: 10, max: 300 } as const;
