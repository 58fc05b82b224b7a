/** A machine of each system for the contract of readers, healthy and with every source failing. A new system is one more entry. */
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '../../src/main/engine/collectors/deps';
import { linuxCollectors } from '../../src/main/engine/collectors/linux';
import type { FamilyId } from '../../src/shared/metrics/index';
import { NO_PROGRAMS } from './programs';
import { machine, machineDeps } from './recorded-machine';
import { FAILURES, RecordedMac } from './recorded-mac';
import type { TriedMachine } from './tried-machine';
import { WINDOWS_FAILURES, windowsMachine } from './windows-machine';

/** What the contract asks of a system. */
export interface TriedPlatform {
  readonly platform: Platform;
  readonly name: string;
  healthy(): TriedMachine;
  /** Machines whose sources all fail in one way, by that way. */
  readonly broken: Readonly<Record<string, () => TriedMachine>>;
  /** Families that cannot fail that way: what they tell comes from elsewhere. */
  readonly unbroken: ReadonlySet<FamilyId>;
  /** Families that the system tells to no program: their values are null, with a note that says so. */
  readonly untold: ReadonlySet<FamilyId>;
  /** Families that this machine has nothing of. */
  readonly absent: ReadonlySet<FamilyId>;
  /** Most programs that one read of everything may start. */
  readonly mostPrograms: number;
}

function linux(name: string, root?: string): TriedMachine {
  let mono = 1000;
  const own = machineDeps(name);
  let started = 0;
  const deps = machineDeps(name, {
    clock: { now: () => 1_800_000_000_000 + mono, mono: () => mono, boot: () => mono },
    self: { ...own.self, pids: () => [4242] },
    programs: { ...NO_PROGRAMS, read: (program) => ((started += 1), NO_PROGRAMS.read(program, [], 0)) },
    ...(root === undefined ? {} : { root }),
  });
  return { collectors: linuxCollectors(deps), started: () => started, pass: (seconds) => (mono += seconds * 1000) };
}

function darwin(mac: RecordedMac): TriedMachine {
  return { collectors: mac.collectors(), started: () => mac.started.length, pass: (seconds) => mac.time.stall(seconds * 1000) };
}

const ELECTRON = { free: 12_345 * 16, fileBacked: 201_234 * 16, purgeable: 9876 * 16 };
const failures = Object.keys(FAILURES) as (keyof typeof FAILURES)[];
/** Families of what runs on a machine: their sources are handed in, and there are none here. */
const WORKLOADS: readonly FamilyId[] = ['container', 'service'];

/** Node tells these on every system, or nothing does. */
const NEEDS_NO_PROGRAM: readonly FamilyId[] = ['cpu', 'uptime', 'self', 'temperature', 'fans', 'frequency', 'power', 'health', ...WORKLOADS];

const mac = (machine: string, absent: readonly FamilyId[] = []): TriedPlatform => ({
  platform: 'darwin',
  name: machine,
  healthy: () => darwin(new RecordedMac(machine)),
  broken: Object.fromEntries(failures.map((how) => [how, () => darwin(new RecordedMac(machine).break(how))])),
  unbroken: new Set(NEEDS_NO_PROGRAM),
  untold: new Set<FamilyId>(['temperature', 'fans', 'frequency', 'power']),
  // Drives are not asked unless that is wanted.
  absent: new Set<FamilyId>(['health', ...WORKLOADS, ...absent]),
  mostPrograms: 10,
});

/** A recorded machine with the files of another laid over it: the root of both together. */
function together(...names: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'contract-'));
  for (const name of names) cpSync(machine(name), root, { recursive: true });
  return root;
}

/** Families of hardware that a virtual machine has none of. */
const ABSENT_IN_VM: readonly FamilyId[] = ['temperature', 'fans', 'battery', 'power', 'gpu', ...WORKLOADS];

const LINUX: TriedPlatform = {
  platform: 'linux',
  name: 'vm-6.18',
  healthy: () => linux('vm-6.18'),
  broken: { 'without files': () => linux('vm-6.18', mkdtempSync(join(tmpdir(), 'contract-'))) },
  // Whether a machine has sensors or arrays is not known without files; the app's own processes may have ended.
  unbroken: new Set<FamilyId>(['temperature', 'fans', 'frequency', 'battery', 'power', 'gpu', 'health', 'self', ...WORKLOADS]),
  untold: new Set(),
  // A virtual machine without sensors and meters, fans, a battery, a graphics card, and anything made of drives.
  absent: new Set<FamilyId>([...ABSENT_IN_VM, 'health']),
  mostPrograms: 0,
};

/** The systems that are tried. */
export const PLATFORMS: readonly TriedPlatform[] = [
  LINUX,
  { ...LINUX, name: 'a storage', healthy: () => linux('vm-6.18', together('vm-6.18', 'storage')), absent: new Set<FamilyId>(ABSENT_IN_VM) },
  {
    platform: 'win32',
    name: 'a PC',
    healthy: () => windowsMachine(),
    broken: Object.fromEntries(Object.entries(WINDOWS_FAILURES).map(([how, library]) => [how, () => windowsMachine(library)])),
    // Node knows these, as far as it goes.
    unbroken: new Set<FamilyId>(['cpu', 'memory', 'uptime', 'self', 'fans', 'power', 'health', ...WORKLOADS]),
    untold: new Set<FamilyId>(['fans', 'power']),
    absent: new Set<FamilyId>(['health', ...WORKLOADS]),
    mostPrograms: 0,
  },
  mac('macbook-m3-26'),
  mac('imac-intel-13', ['battery']),
  { ...mac('macbook-m3-26'), name: 'macbook-m3-26 in Electron', healthy: () => darwin(new RecordedMac('macbook-m3-26', ELECTRON)) },
];
