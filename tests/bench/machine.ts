/** What a figure depends on: the machine, its kernel, the runtime. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface MachineFacts {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly system: string;
  readonly processes: number;
  readonly loadAverage: number;
  /** The Electron in use; null where none is needed. */
  readonly runtime: string | null;
  readonly node: string;
  readonly traywatch: string;
}

/** Reads the facts; `runtime` is how the Electron in use is called, null for none. */
export function readMachineFacts(root: string, runtime: string | null): MachineFacts {
  const manifest: { version: string } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const release = fs.existsSync('/etc/os-release') ? fs.readFileSync('/etc/os-release', 'utf8') : '';
  const cpus = os.cpus();
  return {
    cores: cpus.length,
    cpu: cpus[0]?.model ?? 'unknown',
    memoryGb: Math.round(os.totalmem() / 1e8) / 10,
    kernel: `${os.type()} ${os.release()} ${os.machine()}`,
    system: /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? 'unknown',
    processes: fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
    loadAverage: os.loadavg()[0] ?? Number.NaN,
    runtime,
    node: process.version,
    traywatch: manifest.version,
  };
}

/** The facts as lines for people. */
export function describeMachine(facts: MachineFacts): string[] {
  return [
    `Traywatch ${facts.traywatch}${facts.runtime === null ? ': ' : ` on ${facts.runtime}; `}engine alone on Node ${facts.node}`,
    `${facts.cores} cores (${facts.cpu}), ${facts.memoryGb} GB, ${facts.system}, ${facts.kernel}`,
    `${facts.processes} processes, load ${facts.loadAverage.toFixed(2)} at the start`,
  ];
}
