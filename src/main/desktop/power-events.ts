/** Translates Electron's power events (sleep, battery, screen lock, shutdown) into what the sampler and store need. */
import type { PowerMonitor } from 'electron';

/** What is called at power events. */
export interface PowerActions {
  onSuspend(): void;
  onResume(): void;
  /** Called for what does not happen to a machine that sleeps. */
  onAwake(): void;
  /** True on battery or while the screen is locked; also called once at the start. */
  onPowerSaving(on: boolean): void;
  /** The system shuts down; little time is left. */
  onShutdown(): void;
}

/** Listens from now on. */
export function followPowerEvents(monitor: PowerMonitor, actions: PowerActions): void {
  let battery = monitor.isOnBatteryPower();
  let locked = false;
  const report = (): void => actions.onPowerSaving(battery || locked);
  const on = (change: () => void) => (): void => {
    change();
    report();
  };
  monitor.on('suspend', () => actions.onSuspend());
  monitor.on('resume', () => actions.onResume());
  monitor.on('shutdown', () => actions.onShutdown());
  monitor.on('on-battery', on(() => (battery = true)));
  monitor.on('on-ac', on(() => (battery = false)));
  monitor.on('lock-screen', on(() => (locked = true)));
  monitor.on('unlock-screen', on(() => (locked = false)));
  // After the intervals are set, for the loop that this may start.
  monitor.on('on-ac', () => actions.onAwake());
  monitor.on('unlock-screen', () => actions.onAwake());
  report();
}
