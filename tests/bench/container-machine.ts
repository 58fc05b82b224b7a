/** A hundred containers as files of cgroups of version 2, and what reading their counters costs. */
import fs from 'node:fs';
import path from 'node:path';
import { createCounterReader } from '../../src/main/engine/containers/numbers/counters';
import type { RunningContainer } from '../../src/main/engine/containers/numbers/counters';
import { systemClock, systemTimers } from '../../src/main/engine/clock';
import { yieldToEventLoop } from '../../src/main/engine/time-slicing';

const CONTAINERS = 100;
/** Reads before the measurement, and those that are measured. */
const WARM_UP = 50;
const READS = 200;

const idOf = (at: number): string => (at + 1).toString(16).padStart(64, 'a');
const pidOf = (at: number): number => 5000 + at;

const memoryStat = ['anon', 'file', 'kernel', 'kernel_stack', 'pagetables', 'percpu', 'sock', 'vmalloc', 'shmem', 'file_mapped', 'file_dirty', 'file_writeback', 'swapcached', 'anon_thp', 'file_thp', 'shmem_thp', 'inactive_anon', 'active_anon', 'inactive_file', 'active_file', 'unevictable', 'slab_reclaimable', 'slab_unreclaimable', 'slab', 'workingset_refault_anon', 'workingset_refault_file', 'pgscan', 'pgsteal', 'pgfault', 'pgmajfault', 'pgrefill', 'pgactivate'].map((name, at) => `${name} ${at * 4096}\n`).join('');
const netDev = ['Inter-|   Receive |  Transmit\n', ' face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier compressed\n', ...['lo', 'eth0'].map((name) => `  ${name}: 9122122211 8122113 0 12 0 0 0 912 8122211332 7122113 0 0 0 0 0 0\n`)].join('');

function write(root: string, at: number): void {
  const cgroup = `system.slice/docker-${idOf(at)}.scope`;
  const files: Readonly<Record<string, string>> = {
    [`proc/${pidOf(at)}/cgroup`]: `0::/${cgroup}\n`,
    [`proc/${pidOf(at)}/net/dev`]: netDev,
    [`sys/fs/cgroup/${cgroup}/cpu.stat`]: 'usage_usec 812213344\nuser_usec 701122331\nsystem_usec 111091013\nnr_periods 5211\nnr_throttled 312\nthrottled_usec 91221331\nnr_bursts 0\nburst_usec 0\n',
    [`sys/fs/cgroup/${cgroup}/memory.current`]: '135266304\n',
    [`sys/fs/cgroup/${cgroup}/memory.stat`]: memoryStat,
    [`sys/fs/cgroup/${cgroup}/memory.max`]: 'max\n',
    [`sys/fs/cgroup/${cgroup}/io.stat`]: '259:0 rbytes=81264640 wbytes=12288000 rios=2211 wios=881 dbytes=0 dios=0\n',
    [`sys/fs/cgroup/${cgroup}/pids.current`]: '17\n',
  };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** CPU milliseconds for one read of all of them, below a folder. Throws where one was not read. */
export async function measureContainerRead(root: string): Promise<number> {
  const refuse = (): Promise<never> => Promise.reject(new Error('its cgroup was not found'));
  const containers = Array.from({ length: CONTAINERS }, (_, at): RunningContainer => ({ id: idOf(at), pid: pidOf(at), engine: 'docker', stats: refuse }));
  containers.forEach((_, at) => write(root, at));
  const reader = createCounterReader({ platform: 'linux', root, clock: systemClock, timers: systemTimers, account: () => null, totalMemory: () => 2 ** 40, yieldToEventLoop });
  const drive = async (reads: number): Promise<number> => {
    const before = process.cpuUsage();
    for (let read = 0; read < reads; read += 1) if ((await reader.read(containers)).size !== CONTAINERS) throw new Error('a container was not read');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / reads;
  };
  await drive(WARM_UP);
  return drive(READS);
}
