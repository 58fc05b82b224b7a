/** Sleep, battery and screen lock, as the sampler needs to know them. */
import type { PowerMonitor } from 'electron';

/** What follows from a change of power. */
export interface PowerActions {
  onSuspend(): void;
  onResume(): void;
  /** On battery, or behind a locked screen. */
  onPowerSaving(on: boolean): void;
  /** The system goes down; little time is left. */
  onShutdown(): void;
}

/** Starts listening. */
export function followPowerEvents(monitor: PowerMonitor, actions: PowerActions): void {
  let battery = monitor.isOnBatteryPower();
  let locked = false;
  const tell = (): void => actions.onPowerSaving(battery || locked);
  const on = (change: () => void) => (): void => {
    change();
    tell();
  };
  monitor.on('suspend', () => actions.onSuspend());
  monitor.on('resume', () => actions.onResume());
  monitor.on('shutdown', () => actions.onShutdown());
  monitor.on('on-battery', on(() => (battery = true)));
  monitor.on('on-ac', on(() => (battery = false)));
  monitor.on('lock-screen', on(() => (locked = true)));
  monitor.on('unlock-screen', on(() => (locked = false)));
  tell();
}
