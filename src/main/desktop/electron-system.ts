/** What Electron tells of the system and of its own processes. */
import { powerMonitor } from 'electron';
import type { App } from 'electron';
import type { OwnProcesses } from '../core/self-metrics-source';
import type { SystemDeps } from '../engine/collectors/deps';

/** Access to the machine, on macOS with what would take programs of the system without Electron; call it after the app is ready. */
export function withElectron(system: SystemDeps): SystemDeps {
  if (system.platform !== 'darwin') return system;
  return { ...system, systemMemory: () => process.getSystemMemoryInfo(), thermalState: () => powerMonitor.getCurrentThermalState() };
}

/** The main process and Chromium's beside it. */
export function electronProcesses(app: Pick<App, 'getAppMetrics'>): OwnProcesses {
  return {
    pids: () => app.getAppMetrics().map((metric) => metric.pid),
    usage: () => {
      let cpuSeconds = 0;
      let rssBytes = 0;
      for (const { cpu, memory } of app.getAppMetrics()) {
        cpuSeconds += cpu.cumulativeCPUUsage ?? 0;
        rssBytes += memory.workingSetSize * 1024;
      }
      return { cpuSeconds, rssBytes };
    },
  };
}
