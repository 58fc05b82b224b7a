/** What mount(8) lists on macOS, and which of it is a disk of the user's. Pure. */
import type { DeviceReading } from '../../../shared/metrics/reading';
import { parseFault } from './faults';

/** One mount. */
export interface Mount {
  readonly source: string;
  readonly point: string;
  readonly type: string;
  /** "local", "read-only", "nobrowse" … */
  readonly flags: ReadonlySet<string>;
}

/** The volume that holds what is not part of the system. It is shown as `/`, whose own volume is sealed. */
const DATA = '/System/Volumes/Data';

/**
 * Parses mount(8): `source on point (type, flag, flag)`. A name may hold anything, so the flags begin at the last bracket,
 * and the point at the first slash after an "on". Throws a ParseError if no line is such a one.
 */
export function parseMounts(text: string): Mount[] {
  const mounts = text.split('\n').flatMap((line): Mount[] => {
    const [, source, point, flags] = /^(.+?) on (\/.*) \(([^()]*)\)$/.exec(line) ?? [];
    if (source === undefined || point === undefined || flags === undefined) return [];
    const [type = '', ...rest] = flags.split(', ');
    return [{ source, point, type, flags: new Set(rest) }];
  });
  if (mounts.length === 0) throw parseFault('mount', 'lists no file system');
  return mounts;
}

/** Served by another machine, or by a program on this one. */
const REMOTE = /^(?:smbfs|nfs|afpfs|webdav|cifs|ftp)$|fuse/i;

/** Without space of their own: devices, automounter, overlays. */
const SPACELESS: ReadonlySet<string> = new Set(['devfs', 'autofs', 'fdesc', 'volfs', 'nullfs', 'unionfs', 'bindfs', 'procfs', 'synthfs']);

/** Optical media. */
const DISCS: ReadonlySet<string> = new Set(['cd9660', 'cddafs', 'udf']);

/** Where the system mounts what is its own: helper volumes, cryptexes, simulators, snapshots. */
const SYSTEMS_OWN = /^\/(?:System\/Volumes|private\/var|Library\/Developer\/CoreSimulator|Volumes\/(?:\.timemachine|com\.apple\.TimeMachine))(?:\/|$)/;

/** Whether a mount may hang, because another machine or program answers for it. */
export const isRemote = ({ type }: Mount): boolean => REMOTE.test(type);

/**
 * Whether its space is shown: of what the Finder shows, what can be written. What cannot (disk images, cryptexes, discs,
 * snapshots) is full by nature. The system's volume and that of the data are its one exception.
 */
export function isMeasured(mount: Mount, withRemote: boolean): boolean {
  const { point, type, flags } = mount;
  if (point === '/' || point === DATA) return true;
  if (flags.has('nobrowse') || flags.has('read-only') || SPACELESS.has(type) || DISCS.has(type) || SYSTEMS_OWN.test(point)) return false;
  return withRemote || !isRemote(mount);
}

/** The APFS container of a volume or snapshot, whose volumes share its space: /dev/disk3 of /dev/disk3s1s1; null for others. */
export function containerOf({ type, source }: Mount): string | null {
  return type === 'apfs' ? (/\/dev\/disk\d+(?=s)/.exec(source)?.[0] ?? null) : null;
}

/** What a person plugged in, which the system mounts below /Volumes without devices and set-uid programs. A disk that stays in is mounted without these flags. */
export function mediaOf(mount: Mount): NonNullable<DeviceReading['media']> | null {
  const { point, flags } = mount;
  return point.startsWith('/Volumes/') && flags.has('nosuid') && flags.has('nodev') && !isRemote(mount) ? 'removable' : null;
}

/** Mounts that are one disk, the one that names it first: `/`, or the shortest name. */
export function groupsOf(mounts: readonly Mount[]): (readonly [Mount, ...Mount[]])[] {
  const groups = new Map<string, Mount[]>();
  for (const mount of mounts) {
    const key = containerOf(mount) ?? mount.point;
    groups.set(key, [...(groups.get(key) ?? []), mount]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group.toSorted((a, b) => a.point.length - b.point.length || (a.point < b.point ? -1 : 1));
    return first === undefined ? [] : [[first, ...others] as const];
  });
}
