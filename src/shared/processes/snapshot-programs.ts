/** The processes of a snapshot by program, the largest user of what a page measures first. Pure. */
import { toProgram } from '../alerts/alert-text';
import type { Culprit, Incident } from '../alerts/incident';
import type { ProcessMeasure, Unit } from '../metrics/define';
import { familyOf } from '../metrics/index';
import type { FamilyId } from '../metrics/index';
import type { TopProcess, TopProcesses } from './process-schemas';

/** One program: the processes of one name, in a container those of one name there. A value is null where it is not known of any of them. */
export interface ProgramRow {
  /** "postgres", "postgres in shop-db". */
  readonly name: string;
  readonly pids: readonly number[];
  /** Percent of one core. */
  readonly cpu: number | null;
  /** Bytes. */
  readonly memory: number | null;
  /** False where it is the sum of what the processes hold, in which memory they share counts several times. */
  readonly isMemoryExact: boolean;
  /** Bytes per second to and from disks: known of the programs behind an alert alone. */
  readonly disk: number | null;
}

/** What the processes of a page are sorted by. */
export function measureOf(family: FamilyId): ProcessMeasure {
  const { culprits } = familyOf(family);
  return culprits === 'memory' || culprits === 'disk' ? culprits : 'cpu';
}

function sum(processes: readonly TopProcess[], valueOf: (process: TopProcess) => number | null): number | null {
  return processes.reduce<number | null>((total, process) => {
    const value = valueOf(process);
    return value === null ? total : (total ?? 0) + value;
  }, null);
}

function toRow(name: string, processes: readonly TopProcess[], culprits: readonly Culprit[]): ProgramRow {
  const known = (unit: Culprit['unit']): number | null => culprits.find((culprit) => toProgram(culprit) === name && culprit.unit === unit)?.value ?? null;
  const together = known('bytes');
  return {
    name,
    pids: processes.map(({ pid }) => pid),
    cpu: sum(processes, ({ cpu }) => cpu),
    memory: together ?? sum(processes, ({ memory }) => memory),
    isMemoryExact: together !== null || processes.length < 2,
    disk: known('bytesPerSecond'),
  };
}

/** Largest first, unknown values last; by CPU where they are equal. */
function byMeasure(measure: ProcessMeasure): (a: ProgramRow, b: ProgramRow) => number {
  return (a, b) => (b[measure] ?? -1) - (a[measure] ?? -1) || (b.cpu ?? -1) - (a.cpu ?? -1) || a.name.localeCompare(b.name);
}

/** The programs of a snapshot. Of the snapshot of an incident the values that were measured for it are used. */
export function toPrograms(snapshot: TopProcesses, measure: ProcessMeasure, incidents: readonly Pick<Incident, 'id' | 'culprits'>[]): readonly ProgramRow[] {
  const culprits = incidents.find(({ id }) => id === snapshot.incident)?.culprits ?? [];
  const byName = new Map<string, TopProcess[]>();
  for (const process of snapshot.processes) byName.set(toProgram(process), [...(byName.get(toProgram(process)) ?? []), process]);
  return [...byName].map(([name, processes]) => toRow(name, processes, culprits)).toSorted(byMeasure(measure));
}

/** What the table is sorted by: of disk use often nothing is known, and CPU decides. */
export function sortedBy(programs: readonly ProgramRow[], measure: ProcessMeasure): ProcessMeasure {
  return programs.some((row) => row[measure] !== null) ? measure : 'cpu';
}

const UNITS = { cpu: 'percent', memory: 'bytes', disk: 'bytesPerSecond' } as const satisfies Record<ProcessMeasure, Unit>;

/** The columns of a table of programs. */
export function columnsOf(sorted: ProcessMeasure): readonly ProcessMeasure[] {
  return sorted === 'disk' ? ['disk', 'cpu', 'memory'] : ['cpu', 'memory'];
}

/** A value with its unit; `isMost` where it is an upper bound. */
export function cellOf(row: ProgramRow, column: ProcessMeasure): { readonly value: number | null; readonly unit: Unit; readonly isMost: boolean } {
  const value = row[column];
  return { value, unit: UNITS[column], isMost: column === 'memory' && value !== null && !row.isMemoryExact };
}
