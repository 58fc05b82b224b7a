/** System information of macOS and Windows, from Node. */
import type { CpuInfo } from 'node:os';
import type { SystemFacts } from './host';
import type { Inventory } from './inventory';

/** The functions of `node:os` that are used. */
export interface NodeOs {
  version(): string;
  type(): string;
  release(): string;
  cpus(): readonly Pick<CpuInfo, 'model'>[];
  totalmem(): number;
  uptime(): number;
}

/** `now` in epoch ms. On macOS Node's version() is the kernel's, so the version is the inventory's; on Windows it is the edition. */
export function portableFacts(os: NodeOs, now: number, inventory: Inventory): SystemFacts {
  const cpus = os.cpus();
  const isMac = os.type() === 'Darwin';
  return {
    os: inventory.os ?? (isMac ? 'macOS' : os.version()),
    kernel: `${os.type()} ${os.release()}`,
    cpuModel: cpus[0]?.model.trim() ?? null,
    cores: cpus.length,
    memoryTotal: os.totalmem() > 0 ? os.totalmem() : null,
    bootTime: Math.round((now - os.uptime() * 1000) / 1000) * 1000,
  };
}
