/** What Electron tells of macOS that would take programs of the system without it. */
import { powerMonitor } from 'electron';
import type { SystemDeps } from '../engine/collectors/deps';

/** Access to the machine, on macOS with what Electron knows; call it after the app is ready. */
export function withElectron(system: SystemDeps): SystemDeps {
  if (system.platform !== 'darwin') return system;
  return { ...system, systemMemory: () => process.getSystemMemoryInfo(), thermalState: () => powerMonitor.getCurrentThermalState() };
}
