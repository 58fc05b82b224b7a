/** What state a device is in, where its values alone do not say it: codes, and the words for them. */

/** The words, by code. A code is what readings and other programs carry; its words may change. */
const LABELS = {
  active: 'Active',
  asleep: 'Asleep',
  unavailable: 'Unavailable',
  charging: 'Charging',
  discharging: 'Discharging',
  full: 'Full',
  notCharging: 'Not charging',
  healthy: 'Healthy',
  failing: 'Failing',
  errors: 'Has errors',
  standby: 'Standby',
  degraded: 'Degraded',
  rebuilding: 'Rebuilding',
  checking: 'Checking',
  failed: 'Failed',
  running: 'Running',
  starting: 'Starting',
  unhealthy: 'Unhealthy',
  paused: 'Paused',
  restarting: 'Restarting',
  stopped: 'Stopped',
  up: 'Up',
  down: 'Down',
  notMeasured: 'Not measured',
} as const;

/** Codes of states. */
export const DEVICE_STATES = Object.keys(LABELS) as [DeviceStateCode, ...DeviceStateCode[]];

/** Code of a state. */
export type DeviceStateCode = keyof typeof LABELS;

/** The state of a device, and what it means or why it is so: a sentence or a few words, absent where there is nothing to add. */
export interface DeviceState {
  readonly code: DeviceStateCode;
  readonly reason?: string;
}

/** "Asleep". */
export function stateLabel(code: DeviceStateCode): string {
  return LABELS[code];
}

/** "Asleep", "Unavailable: the driver was updated; restart the machine". */
export function deviceStateText({ code, reason }: DeviceState): string {
  return reason === undefined ? LABELS[code] : `${LABELS[code]}: ${reason}`;
}
