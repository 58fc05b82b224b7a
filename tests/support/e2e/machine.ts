/** What the operating system's own files and tools say of this machine. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { runProgram } from '../desktop/exec';

const read = (file: string): string => fs.readFileSync(file, 'utf8');

/** Processor time since the start of the machine, in ticks of all cores together. */
export interface CpuTicks {
  busy: number;
  total: number;
}

/** Reads the first line of /proc/stat; idle is idle and iowait (proc(5)). */
export function cpuTicks(): CpuTicks {
  const fields = read('/proc/stat').split('\n')[0]?.trim().split(/\s+/).slice(1, 9).map(Number) ?? [];
  const total = fields.reduce((sum, ticks) => sum + ticks, 0);
  return { busy: total - (fields[3] ?? 0) - (fields[4] ?? 0), total };
}

/** Share of processor time in use between two readings, 0–100. */
export function cpuShare(from: CpuTicks, to: CpuTicks): number {
  return (100 * (to.busy - from.busy)) / (to.total - from.total);
}

/** Number of processors in /proc/stat. */
export function coreCount(): number {
  return read('/proc/stat').match(/^cpu\d+ /gm)?.length ?? 0;
}

/** A line of /proc/meminfo in bytes. */
export function meminfo(name: string): number {
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(read('/proc/meminfo'))?.[1];
  if (kib === undefined) throw new Error(`/proc/meminfo has no ${name}`);
  return Number(kib) * 1024;
}

/** Memory in use as the window means it: total − available, bytes. */
export function memoryUsed(): number {
  return meminfo('MemTotal') - meminfo('MemAvailable');
}

/** Seconds since the machine started. */
export function uptimeSeconds(): number {
  return Number(read('/proc/uptime').split(' ')[0]);
}

/** The three load averages as the kernel prints them. */
export function loadAverages(): string[] {
  return read('/proc/loadavg').split(' ').slice(0, 3);
}

/** A mount as `df` sees it: bytes, and share of what users may fill. */
export interface MountSpace {
  size: number;
  used: number;
  available: number;
}

/** Asks `df` about one mount. */
export async function askDf(mount: string): Promise<MountSpace> {
  const text = await runProgram('df', ['-B1', '--output=size,used,avail', mount], process.env);
  const [size = 0, used = 0, available = 0] = text.trim().split('\n').at(-1)?.trim().split(/\s+/).map(Number) ?? [];
  return { size, used, available };
}

/** Loads this machine until `stop` is called, at most 60 s. */
export function stress(...args: string[]): { stop(): Promise<void> } {
  const child = spawn('stress-ng', [...args, '--timeout', '60'], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  return {
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** Keeps every core busy. */
export const stressCores = (): ReturnType<typeof stress> => stress('--cpu', String(os.cpus().length));
