/** Macs in tests/fixtures/darwin: their programs answer from the files there, and every start is counted. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { darwinCollectors } from '../../src/main/engine/collectors/darwin';
import type { CollectorDeps, FileSystemSpace, MachineMemory } from '../../src/main/engine/collectors/deps';
import type { Exec, ExecResult } from '../../src/main/engine/programs/exec-program';
import { createPrograms } from '../../src/main/engine/programs/programs';
import { FakeTime, settle } from './collectors';
import { NO_PROGRAMS } from './programs';
import { machineDeps } from './recorded-machine';

const FIXTURES = join(import.meta.dirname, '../fixtures/darwin');

/** The file with what a program prints. */
const TOOLS = {
  '/usr/sbin/netstat -ibdn': 'netstat-interfaces',
  '/usr/sbin/netstat -an -p tcp': 'netstat-tcp',
  '/usr/sbin/netstat -an -p udp': 'netstat-udp',
  '/usr/sbin/ioreg -r -w0 -d 2 -l -c IOBlockStorageDriver': 'ioreg',
  '/usr/sbin/ioreg -r -d 1 -w 0 -c IOAccelerator': 'ioreg-graphics',
  '/usr/bin/pmset -g batt': 'pmset',
  '/usr/sbin/ioreg -r -w0 -d 1 -n AppleSmartBattery': 'ioreg-battery',
  '/sbin/mount': 'mount',
  '/usr/bin/vm_stat': 'vm_stat',
  '/usr/sbin/sysctl -n vm.swapusage': 'swapusage',
  '/bin/ps -axww -o pid= -o time= -o rss= -o etime= -o comm=': 'ps-numbers',
  '/bin/ps -axww -o pid= -o user= -o command=': 'ps-commands',
} as const;

/** A program with its arguments, by the name of its file. */
export type Tool = (typeof TOOLS)[keyof typeof TOOLS];

/** Every one of them. */
const ALL_TOOLS: readonly Tool[] = Object.values(TOOLS);

const toolOf = (command: string): Tool | undefined => (Object.hasOwn(TOOLS, command) ? TOOLS[command as keyof typeof TOOLS] : undefined);

/** Ways in which a program fails. */
export const FAILURES = {
  missing: { code: null, stdout: '', stderr: '', isMissing: true },
  failed: { code: 1, stdout: '', stderr: 'netstat: sysctl: Cannot allocate memory', isMissing: false },
  late: { code: null, stdout: '', stderr: '', isMissing: false },
  empty: { code: 0, stdout: '\n', stderr: '', isMissing: false },
  garbled: { code: 0, stdout: 'dyld[501]: Library not loaded\n', stderr: '', isMissing: false },
} satisfies Record<string, ExecResult>;

/** What a program prints on the Mac of that name; empty where it has none. */
export function printed(machine: string, tool: Tool): string {
  const path = join(FIXTURES, machine, `${tool}.txt`);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** A Mac with 16 GiB. */
export class RecordedMac {
  readonly time = new FakeTime();
  /** The command line of each start. */
  readonly started: string[] = [];
  /** What programs answer instead of what was recorded. */
  readonly answers = new Map<Tool, ExecResult>();
  networkMounts = false;
  memory: MachineMemory | null;
  space: Record<string, Pick<FileSystemSpace, 'blocks' | 'bfree' | 'bavail'>>;
  /** Mounts that were asked for their space, and those that never answer. */
  readonly asked: string[] = [];
  readonly hanging = new Set<string>();
  readonly #machine: string;

  constructor(machine: string, memory: MachineMemory | null = null) {
    this.#machine = machine;
    this.memory = memory;
    const space = join(FIXTURES, machine, 'space.json');
    this.space = existsSync(space) ? (JSON.parse(readFileSync(space, 'utf8')) as RecordedMac['space']) : {};
  }

  /** Makes a program print something else. */
  print(tool: Tool, stdout: string): this {
    this.answers.set(tool, { code: 0, stdout, stderr: '', isMissing: false });
    return this;
  }

  /** Makes all programs fail in the same way. */
  break(how: keyof typeof FAILURES, tools: readonly Tool[] = ALL_TOOLS): this {
    for (const tool of tools) this.answers.set(tool, FAILURES[how]);
    return this;
  }

  readonly exec: Exec = (program, args) => {
    const command = [program, ...args].join(' ');
    this.started.push(command);
    const tool = toolOf(command);
    if (tool === undefined) throw new Error(`no recording of ${command}`);
    return Promise.resolve(this.answers.get(tool) ?? { code: 0, stdout: printed(this.#machine, tool), stderr: '', isMissing: false });
  };

  /** Dependencies of its collectors; `electron`: the app runs in Electron. */
  deps(electron = this.memory !== null): CollectorDeps {
    const { time } = this;
    return machineDeps('none', {
      platform: 'darwin',
      root: '/',
      clock: time,
      timers: time,
      addresses: () => ({ en0: '192.168.1.20' }),
      networkMounts: () => this.networkMounts,
      driveHealth: () => false,
      programs: createPrograms(this.exec, NO_PROGRAMS.follow, () => time.mono()),
      statfs: (path) => {
        this.asked.push(path.toString());
        if (this.hanging.has(path.toString())) return new Promise(() => undefined);
        const found = this.space[path.toString()];
        return found === undefined ? Promise.reject(Object.assign(new Error('no such mount'), { code: 'ENOENT' })) : Promise.resolve({ bsize: 4096, files: 0, ffree: 0, ...found });
      },
      ...(electron ? { systemMemory: () => this.memory, thermalState: () => 'nominal' as const } : {}),
    });
  }

  /** The result of what waits for a time to pass. */
  async meanwhile<T>(work: Promise<T>, ms: number): Promise<T> {
    // What answers at once has answered before the clock goes on.
    for (let i = 0; i < 5; i += 1) await settle();
    await this.time.pass(ms);
    return work;
  }

  /** Its collectors. Its cores have done a tenth of work at any time. */
  collectors(electron?: boolean): ReturnType<typeof darwinCollectors> {
    const times = (): { user: number; nice: number; sys: number; idle: number; irq: number } => {
      const ms = this.time.mono();
      return { user: 0.07 * ms, nice: 0, sys: 0.03 * ms, idle: 0.9 * ms, irq: 0 };
    };
    const cores = (): { model: string; speed: number; times: ReturnType<typeof times> }[] => Array.from({ length: 8 }, () => ({ model: 'Apple M3', speed: 2400, times: times() }));
    return darwinCollectors(this.deps(electron), { cpus: cores, loadavg: () => [1, 2, 3], totalmem: () => 2 ** 34 });
  }
}
