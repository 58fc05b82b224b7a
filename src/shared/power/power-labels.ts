/** Actions of remote restart with their labels and limits, apart from the schemas, which the page does not load. */

/** What can be requested. */
export const POWER_ACTIONS = ['reboot', 'shutdown'] as const;
/** What can be requested. */
export type PowerAction = (typeof POWER_ACTIONS)[number];

/** Labels of an action: the verb of a button, the verb of a sentence about the machine, and the noun. */
export const POWER_LABELS: Readonly<Record<PowerAction, { readonly do: string; readonly doing: string; readonly noun: string }>> = {
  reboot: { do: 'Restart', doing: 'restarts', noun: 'Restart' },
  shutdown: { do: 'Shut down', doing: 'shuts down', noun: 'Shutdown' },
};

/** Bounds of the countdown, seconds. */
export const COUNTDOWN = { min: 10, max: 300 } as const;
