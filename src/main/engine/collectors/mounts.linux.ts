/** Selects the mounts to measure from /proc/self/mountinfo, and the one that names each disk. Pure. */
import type { DeviceReading } from '../../../shared/metrics/reading';
import { parseFault } from './faults';
import { isSystemPlace, kindOf } from './mounts-kinds.linux';
import type { MountKind } from './mounts-kinds.linux';
import { backingPathOf, isWhole, lvmOrigins, serverOf, showsRoot, storagesOf } from './mounts-storage.linux';
import { groupBy, idleLimitOf, visibleMounts } from './mounts-tree.linux';
import type { Mount } from './mounts-tree.linux';

const MOUNTINFO = '/proc/self/mountinfo';

/** A mount to measure. */
export interface RealMount extends Mount {
  /** Id of the device: the mount point; names that are not UTF-8 are percent-encoded after `bytes:`, which no path begins with. */
  readonly deviceId: string;
  /** Of two mounts that turn out to be one disk, the one with the smaller number names it. */
  readonly order: number;
  readonly kind: Exclude<MountKind, 'none'>;
  /** Seconds without use after which it is unmounted again; null if it is not automounted. */
  readonly idleLimit: number | null;
  /** Disks with the same value may be one: exports of one server, a folder shown through another file system. */
  readonly alike: string;
  /** The other datasets of a pool that this mount stands for: they share its free space. */
  readonly datasets: readonly RealMount[];
  /** Set if all mounts of its storage are of file systems that are read-only, or if it is a removable medium; null otherwise. */
  readonly media: NonNullable<DeviceReading['media']> | null;
}

/** What the table does not say, by `raw` of the mount. */
export interface MountFacts {
  /** Mounts that are no folders. */
  readonly files: ReadonlySet<string>;
  /** Snapshots, as the device mapper knows them. */
  readonly copies: ReadonlySet<string>;
  /** Images on a device that the device mapper lets nobody write: verified ones, parts of the system of a phone. */
  readonly sealed: ReadonlySet<string>;
}

const NO_FACTS: MountFacts = { files: new Set(), copies: new Set(), sealed: new Set() };

/** Single files that engines or users often mount into a container. Others are looked at. */
const SINGLE_FILES =
  /^\/(?:etc\/(?:hosts|hostname|resolv\.conf|localtime|timezone|machine-id|mtab|passwd|group|shadow|nsswitch\.conf|os-release)|dev\/(?:console|termination-log)|\.dockerenv|run\/\.containerenv|(?:var\/)?run\/(?:docker|podman\/podman|containerd\/containerd)\.sock)$/;

/** Replaces escapes such as \040 by the byte they stand for; one character per byte. */
function unescapeBytes(latin1: string): string {
  return latin1.includes('\\') ? latin1.replaceAll(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8))) : latin1;
}

/** Reads one character per byte as UTF-8; most names have nothing to decode. */
function toText(latin1: string): string {
  return /^[\0-\x7F]*$/.test(latin1) ? latin1 : Buffer.from(latin1, 'latin1').toString('utf8');
}

/** The bytes of a path that is not UTF-8, its text otherwise. */
function toPath(raw: string, text: string): string | Buffer {
  if (raw === text) return text;
  const bytes = Buffer.from(raw, 'latin1');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes;
}

/** Decodes escapes such as \040; each is one byte of UTF-8. */
export function unescapeMount(text: string): string {
  return text.includes('\\') ? toText(unescapeBytes(Buffer.from(text, 'utf8').toString('latin1'))) : text;
}

const OPTIONS = ['subvol', 'upperdir', 'timeout'] as const;

/** The options that tell something about the place of a mount, unescaped. */
function optionsOf(text: string): Mount['options'] {
  const options: Record<string, string> = {};
  for (const name of OPTIONS) {
    const at = text.startsWith(`${name}=`) ? 0 : text.indexOf(`,${name}=`) + 1;
    if (at === 0 && !text.startsWith(`${name}=`)) continue;
    const start = at + name.length + 1;
    const end = text.indexOf(',', start);
    options[name] = unescapeMount(toText(text.slice(start, end < 0 ? undefined : end)));
  }
  return options;
}

/**
 * One line: id parent major:minor root point options [tags…] - type source super-options. Null if it has fewer cells. The
 * source is an empty cell where the program that mounted gave none.
 */
function parseLine(line: string): Mount | null {
  const [left = '', right = ''] = line.split(' - ', 2);
  const [id, parent, device, root, place, options] = left.split(' ');
  const [type, source, superOptions = ''] = right.split(' ');
  if (device === undefined || root === undefined || place === undefined || options === undefined || type === undefined || source === undefined) return null;
  if (!/^\d+$/.test(id ?? '') || !/^\d+$/.test(parent ?? '') || !place.startsWith('/')) return null;
  const raw = unescapeBytes(place);
  const point = toText(raw);
  const isSealed = superOptions.split(',').includes('ro');
  const readOnly = isSealed || options.split(',').includes('ro');
  return {
    id: Number(id),
    parent: Number(parent),
    device,
    root: toText(unescapeBytes(root)),
    point,
    raw,
    path: toPath(raw, point),
    type: toText(unescapeBytes(type)),
    source: toText(unescapeBytes(source)),
    readOnly,
    isSealed,
    options: optionsOf(superOptions),
  };
}

/** All mounts that can be understood, in the order of the lines. Throws a ParseError if there is none. */
export function parseMountinfo(content: string | Buffer): Mount[] {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const lines = bytes.toString('latin1').split('\n').filter((line) => line !== '');
  const mounts = lines.map(parseLine).filter((mount) => mount !== null);
  if (mounts.length === 0) throw parseFault(MOUNTINFO, lines.length === 0 ? 'is empty' : `cannot read "${toText(lines[0] ?? '').slice(0, 80)}"`);
  return mounts;
}

function deviceIdOf({ path, point }: Mount): string {
  if (typeof path === 'string') return point;
  const encoded = Array.from(path, (byte) => (byte > 0x20 && byte < 0x7f && byte !== 0x25 ? String.fromCodePoint(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`));
  return `bytes:${encoded.join('')}`;
}

/** A mount that may name a disk, and what decides between it and others of the same storage. */
interface Candidate extends Omit<RealMount, 'order'> {
  readonly storage: string;
  readonly isFile: boolean;
  readonly rank: readonly (number | string)[];
}

/** The visible mount that a path is on, other than the given one. */
function mountOf(path: string, byRaw: ReadonlyMap<string, Mount>, except: Mount): Mount | null {
  for (let raw = Buffer.from(path, 'utf8').toString('latin1'); raw !== ''; raw = raw.slice(0, raw.lastIndexOf('/'))) {
    const mount = byRaw.get(raw);
    if (mount !== undefined && mount !== except) return mount;
  }
  return byRaw.get('/') === except ? null : (byRaw.get('/') ?? null);
}

/**
 * What a user would call the disk, best first: the root; a lasting mount; a place for users; the whole file system and not
 * a part of it; the shortest path.
 */
function rankOf(mount: Mount, idleLimit: number | null, isShown: boolean): (number | string)[] {
  const { raw } = mount;
  return [Number(raw !== '/'), Number(isShown), Number(idleLimit !== null), Number(isSystemPlace(raw)), Number(!isWhole(mount)), raw.split('/').length, raw.length, raw];
}

/** Compares two ranks; below 0 if the first is better. */
function compareRanks(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index];
    if (other !== undefined && value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** All mounts that may name a disk, the best names first. */
function candidatesOf(mounts: readonly Mount[], withRemote: boolean, facts: MountFacts): Candidate[] {
  const visible = visibleMounts(mounts);
  const byRaw = new Map(visible.map((mount) => [mount.raw, mount]));
  const volumes = new Set(visible.map(({ source }) => source));
  const storageByMount = storagesOf(visible);
  const automounts = mounts.filter(({ type }) => type === 'autofs');
  const candidates: Candidate[] = [];
  for (const mount of visible) {
    const ownKind = kindOf(mount);
    if (ownKind === 'none' || (ownKind === 'remote' && !withRemote)) continue;
    const isRoot = mount.raw === '/';
    if (facts.sealed.has(mount.raw) || (!isRoot && (facts.copies.has(mount.raw) || isLvmSnapshot(mount, volumes)))) continue;
    const path = backingPathOf(mount);
    const backing = path === null ? null : mountOf(path, byRaw, mount);
    const isShown = backing !== null && !isRoot;
    const kind = isShown && kindOf(backing) === 'remote' ? 'remote' : ownKind;
    if (kind === 'remote' && !withRemote) continue;
    const storage = storageByMount.get(mount) ?? mount.device;
    const idleLimit = idleLimitOf(mount, automounts);
    const alike = serverOf(mount) ?? (backing === null ? undefined : storageByMount.get(backing)) ?? storage;
    const isFile = facts.files.has(mount.raw) || SINGLE_FILES.test(mount.raw);
    candidates.push({ ...mount, deviceId: deviceIdOf(mount), kind, idleLimit, alike, datasets: [], media: mount.isSealed ? 'readOnly' : null, storage, isFile, rank: rankOf(mount, idleLimit, isShown) });
  }
  return candidates.sort((a, b) => compareRanks(a.rank, b.rank));
}

/** A volume named as a snapshot, if it cannot be written or its origin is mounted as well. */
function isLvmSnapshot({ source, readOnly }: Mount, sources: ReadonlySet<string>): boolean {
  const origins = lvmOrigins(source);
  return origins !== null && (readOnly || origins.some((one) => sources.has(one)));
}

/** The first mount of each other dataset of a pool. Parts of one, which may be files, and automounted ones are left alone. */
function datasetsOf([named, ...others]: readonly Candidate[]): Candidate[] {
  if (named === undefined || named.type !== 'zfs') return [];
  const seen = new Set([named.source]);
  return others.filter((one) => showsRoot(one) && one.idleLimit === null && !seen.has(one.source) && seen.add(one.source));
}

const byStorage = (candidates: readonly Candidate[]): Candidate[][] => [...groupBy(candidates, ({ storage }) => storage).values()];

/**
 * The mounts to measure: local file systems, and remote ones if `withRemote`; without pseudo file systems, images,
 * snapshots, layers of containers, and single files, unless there is nothing else. `/` counts whatever its type, unless it
 * is an image or in memory. Each storage counts once, however many mounts it has, under the best name. Sorted by mount point.
 */
export function realMounts(mounts: readonly Mount[], withRemote: boolean, facts: MountFacts = NO_FACTS): RealMount[] {
  const candidates = candidatesOf(mounts, withRemote, facts);
  const folders = candidates.filter(({ isFile }) => !isFile);
  const chosen = byStorage(folders.length > 0 ? folders : candidates.slice(0, 1)).flatMap((group, order): RealMount[] => {
    const [named] = group;
    const media = group.every(({ isSealed }) => isSealed) ? 'readOnly' : null;
    return named === undefined ? [] : [{ ...named, order, media, datasets: datasetsOf(group).map((one) => ({ ...one, order })) }];
  });
  return chosen.sort((a, b) => (a.raw < b.raw ? -1 : 1));
}

/**
 * Mounts that name a disk only if they are folders, which the table does not say: parts of file systems that are not
 * mounted as a whole.
 */
export function uncertainMounts(mounts: readonly Mount[], withRemote: boolean): Pick<RealMount, 'deviceId' | 'kind' | 'path' | 'raw' | 'device' | 'root'>[] {
  const folders = candidatesOf(mounts, withRemote, NO_FACTS).filter(({ isFile }) => !isFile);
  return byStorage(folders).filter((group) => !group.some(showsRoot)).flat();
}
