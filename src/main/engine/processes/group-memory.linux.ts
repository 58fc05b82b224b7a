/**
 * Memory of the processes of one program together. Their resident sizes cannot be added: the workers of a database all
 * map the same buffers, and each counts them in full.
 */
import { optionalText } from '../collectors/files';
import { maxOf, sumOf } from '../collectors/numbers';
import { parseResident } from '../collectors/self.linux';
import type { ResidentMemory } from '../collectors/self.linux';
import { forEachInSlices } from '../time-slicing';
import type { TimeSlicing } from '../time-slicing';
import type { ProcessMemory } from './process-source';

/** What a group is limited to, bytes; infinite where unknown. */
export interface MachineMemory {
  readonly total: number;
  /** Anonymous pages of all processes of the machine, each once. */
  readonly anon: number;
}

/** Dependencies. */
export interface GroupMemoryParts {
  /** Path of /proc. */
  readonly proc: string;
  readonly pageBytes: number;
  readonly slicing: TimeSlicing;
}

/** From MemTotal and AnonPages of /proc/meminfo. */
export function parseMachineMemory(meminfo: string): MachineMemory {
  const bytes = (name: string): number => {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1];
    return kib === undefined ? Number.POSITIVE_INFINITY : Number(kib) * 1024;
  };
  return { total: bytes('MemTotal'), anon: bytes('AnonPages') };
}

/** From `statm`, for kernels before 4.5: its third number is the resident pages of files and shared memory, see proc(5). */
export function parseStatm(text: string, pageBytes: number): ResidentMemory | null {
  const [, resident, shared] = text.split(' ', 3).map(Number);
  if (resident === undefined || shared === undefined || !(resident >= shared)) return null;
  return { anon: (resident - shared) * pageBytes, file: shared * pageBytes, shmem: null };
}

/**
 * Bytes of a group: the anonymous memory of each process, plus the largest file part and the largest shared part once.
 * Anonymous pages that forked processes still share count in each, so their sum is limited to the anonymous pages of the
 * whole machine, which the kernel counts once; and the result to the memory of the machine. Too little is counted where
 * processes of one name map different files. Proportional set sizes would be exact, but cost the kernel a walk over all
 * pages of each process, under the lock that its page faults need.
 */
export function groupBytes(members: readonly ResidentMemory[], { total, anon }: MachineMemory): number {
  const own = sumOf(members.map((member) => member.anon)) ?? 0;
  const file = maxOf(members.map((member) => member.file)) ?? 0;
  const shmem = maxOf(members.map((member) => member.shmem)) ?? 0;
  return Math.min(total, Math.min(own, anon) + file + shmem);
}

/** Reads the kinds of pages of each process. One that has ended since, or tells none, counts only if it is the largest. */
export async function readGroupMemory(groups: readonly (readonly ProcessMemory[])[], { proc, pageBytes, slicing }: GroupMemoryParts): Promise<readonly number[]> {
  const machine = parseMachineMemory(optionalText(`${proc}/meminfo`) ?? '');
  const kinds = new Map<number, ResidentMemory>();
  const read = ({ pid, memory }: ProcessMemory): void => {
    const resident = parseResident(optionalText(`${proc}/${pid}/status`) ?? '');
    const known = resident.anon === null ? parseStatm(optionalText(`${proc}/${pid}/statm`) ?? '', pageBytes) : resident;
    kinds.set(pid, known ?? { anon: null, file: memory, shmem: null });
  };
  await forEachInSlices(groups.flat(), read, slicing);
  return groups.map((members) => groupBytes(members.flatMap(({ pid }) => kinds.get(pid) ?? []), machine));
}
