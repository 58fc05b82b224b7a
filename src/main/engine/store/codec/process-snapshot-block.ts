/**
 * Packs snapshots of the busiest processes into few bytes. A block contains one snapshot or those of an hour: names and pids
 * are stored once, and the values of each process one after the other, because they differ little.
 *
 *   byte      0: names not deflated, 1: deflated
 *   unsigned  bytes of the names, then the names: a JSON array; that of a process in a container is followed by NUL and the container's
 *   columns (packed-columns.ts):
 *     times of the snapshots, second differences
 *     for each process: index of its name, its pid, and the number of snapshots it is in
 *     for each process and snapshot: index of the snapshot, CPU time in tenths of a percent, memory in steps; −1 where missing
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { TopProcess, TopProcesses } from '../../../../shared/processes/process-schemas';
import { ByteReader, ByteWriter } from './bytes';
import { fromChanges, NO_NUMBERS, packColumns, toChanges, unpackColumns } from './packed-columns';

/** The part of a snapshot that is stored in a block. */
export type ProcessSnapshot = Pick<TopProcesses, 'time' | 'processes'>;

/** Steps per percent of CPU, and bytes per step of memory: fine enough to explain a spike. */
const CPU_STEPS = 10;
const MEMORY_STEP = 64 * 1024;
/** Longer names are truncated, characters; further processes of a snapshot are left out. */
const LONGEST_NAME = 200;
const MAX_PROCESSES = 50;
/** Names below this are not deflated, bytes: those of a single snapshot hardly become smaller, and deflating takes time. */
const MIN_DEFLATE = 300;
/** Most bytes of the names of a block; more indicate damage. */
const MAX_NAMES = 16 * 1024 * 1024;
/** Most snapshots of a block; more indicate damage. */
const MAX_SNAPSHOTS = 10_000;

const MISSING = -1;

const toSteps = (value: number | null, scale: number): number => (value === null || !(value >= 0) ? MISSING : Math.round(value * scale));
const fromSteps = (steps: number, scale: number): number | null => (steps < 0 ? null : steps / scale);

/** A process's name with that of its container, neither of which has a NUL. */
const joined = ({ name, container }: Pick<TopProcess, 'name' | 'container'>): string => (container === undefined ? name : `${name}\0${container}`);

function separated(joinedName: string): Pick<TopProcess, 'name' | 'container'> {
  const at = joinedName.indexOf('\0');
  return at < 0 ? { name: joinedName } : { name: joinedName.slice(0, at), container: joinedName.slice(at + 1) };
}

function isBusier(a: TopProcess, b: TopProcess): number {
  return (b.cpu ?? -1) - (a.cpu ?? -1) || (b.memory ?? -1) - (a.memory ?? -1) || a.pid - b.pid;
}

/** A snapshot as it is read back from a block: rounded, the busiest process first. */
export function toStored(snapshot: TopProcesses): TopProcesses {
  const processes = snapshot.processes.slice(0, MAX_PROCESSES).map(({ name, pid, cpu, memory, container }) => ({
    name: name.slice(0, LONGEST_NAME),
    ...(container === undefined ? {} : { container: container.slice(0, LONGEST_NAME) }),
    pid,
    cpu: fromSteps(toSteps(cpu, CPU_STEPS), CPU_STEPS),
    memory: fromSteps(toSteps(memory, 1 / MEMORY_STEP), 1 / MEMORY_STEP),
  }));
  return { time: Math.round(snapshot.time), incident: snapshot.incident, processes: processes.sort(isBusier) };
}

/** The columns of one process in a block. */
interface ProcessColumns {
  readonly name: number;
  readonly pid: number;
  readonly snapshots: number[];
  readonly cpu: number[];
  readonly memory: number[];
}

function toProcessColumns(snapshots: readonly ProcessSnapshot[], names: string[]): ProcessColumns[] {
  const numbers = new Map<string, number>();
  const columns = new Map<string, ProcessColumns>();
  const numberOf = (name: string): number => {
    const known = numbers.get(name) ?? names.push(name) - 1;
    numbers.set(name, known);
    return known;
  };
  snapshots.forEach(({ processes }, snapshot) => {
    for (const { pid, cpu, memory, ...named } of processes) {
      const name = joined(named);
      const column = columns.get(`${pid} ${name}`) ?? { name: numberOf(name), pid, snapshots: [], cpu: [], memory: [] };
      columns.set(`${pid} ${name}`, column);
      column.snapshots.push(snapshot);
      column.cpu.push(toSteps(cpu, CPU_STEPS));
      column.memory.push(toSteps(memory, 1 / MEMORY_STEP));
    }
  });
  return [...columns.values()].sort((a, b) => a.pid - b.pid);
}

/** Packs snapshots into a block. */
export function packSnapshots(snapshots: readonly ProcessSnapshot[]): Buffer {
  const names: string[] = [];
  const columns = toProcessColumns(snapshots, names);
  const plain = Buffer.from(JSON.stringify(names));
  const isDeflated = plain.length >= MIN_DEFLATE;
  const packed = isDeflated ? deflateRawSync(plain, { level: 9 }) : plain;
  const out = new ByteWriter();
  out.byte(isDeflated ? 1 : 0);
  out.unsigned(packed.length);
  out.append(packed);
  out.append(
    packColumns([
      toChanges(toChanges(snapshots.map(({ time }) => Math.round(time)))),
      columns.map(({ name }) => name),
      columns.map(({ pid }) => pid),
      columns.map(({ snapshots: { length } }) => length),
      columns.flatMap((column) => toChanges(column.snapshots)),
      columns.flatMap(({ cpu }) => cpu),
      columns.flatMap(({ memory }) => memory),
    ]),
  );
  return out.take();
}

/** Inverse of packSnapshots. Throws on damaged bytes. */
export function unpackSnapshots(bytes: Buffer): ProcessSnapshot[] {
  const input = new ByteReader(bytes);
  const isDeflated = input.byte() === 1;
  const packed = input.bytes(input.unsigned());
  const names: unknown = JSON.parse((isDeflated ? inflateRawSync(packed, { maxOutputLength: MAX_NAMES }) : packed).toString());
  const [times = NO_NUMBERS, nameOf = NO_NUMBERS, pids = NO_NUMBERS, lengths = NO_NUMBERS, steps = NO_NUMBERS, cpu = NO_NUMBERS, memory = NO_NUMBERS] = unpackColumns(bytes.subarray(input.at));
  if (times.length > MAX_SNAPSHOTS) throw new Error('stored block has too many process snapshots');
  const snapshots = Array.from(fromChanges(fromChanges(times)), (time) => ({ time, processes: [] as TopProcess[] }));
  let at = 0;
  lengths.forEach((length, column) => {
    const name: unknown = Array.isArray(names) ? names[nameOf[column] ?? -1] : undefined;
    let snapshot = 0;
    for (let left = length; left > 0; left -= 1) {
      snapshot += steps[at] ?? 0;
      const target = snapshots[snapshot];
      if (target === undefined || typeof name !== 'string') throw new Error('stored process snapshots do not fit together');
      target.processes.push({ ...separated(name), pid: pids[column] ?? 0, cpu: fromSteps(cpu[at] ?? MISSING, CPU_STEPS), memory: fromSteps(memory[at] ?? MISSING, 1 / MEMORY_STEP) });
      at += 1;
    }
  });
  for (const snapshot of snapshots) snapshot.processes.sort(isBusier);
  return snapshots;
}
