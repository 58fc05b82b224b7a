/** What stands behind a drive letter or a folder, as the object manager and the volumes tell it. Pure. */
import { multiText } from './fields';

/**
 * How a drive is treated. disk: local, answers at once. slow: local and made by a program, which may hang. remote: another
 * machine's, never touched without being asked. none: another drive's folder, an optical drive, a floppy.
 */
export type DriveKind = 'disk' | 'slow' | 'remote' | 'none';

/** Letters of the drives that exist, from the mask of GetLogicalDrives: bit 0 is A. */
export function lettersOf(mask: number): string[] {
  return Array.from({ length: 26 }, (_, bit) => bit)
    .filter((bit) => (mask & (1 << bit)) !== 0)
    .map((bit) => `${String.fromCharCode(65 + bit)}:`);
}

/** A folder under a letter (`subst`): it has no space of its own. */
const SUBSTITUTED = /^\\\?\?\\/;
/** Redirectors of the network and of hosts of guests; the letter or a session stands behind a semicolon. */
const REMOTE = /^\\Device\\(?:Mup|Lanman|WebDav|RdpDr|VBoxMiniRdr|hgfs|vmhgfs|PrlFs|NFS|AFS)|Redirector|^\\Device\\[^\\]+\\;/i;
const OPTICAL_OR_FLOPPY = /^\\Device\\(?:CdRom|Floppy)\d/i;
/** Volumes of the volume manager, of disks that have none, and of RAM disks of the system. */
const LOCAL = /^\\Device\\(?:HarddiskVolume\d|Harddisk\d+\\|HarddiskDmVolumes\\|Ramdisk)/i;

/** The kind of a drive by its device, the first text of QueryDosDevice; null for a letter that is gone. */
export function driveKind(device: string | null): DriveKind {
  if (device === null || SUBSTITUTED.test(device) || OPTICAL_OR_FLOPPY.test(device)) return 'none';
  if (REMOTE.test(device)) return 'remote';
  return LOCAL.test(device) ? 'disk' : 'slow';
}

/** The share behind a drive of the network, such as `\\server\share`; null where the redirector names none. */
export function shareOf(device: string): string | null {
  const path = /^.*\\;[^\\]*(\\.+)$/.exec(device)?.[1];
  return path === undefined ? null : `\\${path}`;
}

/** The first text of an answer of QueryDosDevice, which is the present one; null without one. */
export function deviceOf(answer: Buffer | null): string | null {
  return answer === null ? null : (multiText(answer)[0] ?? null);
}

/** Numbers of the disks, from the names of all devices. */
export function diskNumbers(names: Buffer): number[] {
  const numbers = multiText(names).flatMap((name) => {
    const number = /^PhysicalDrive(\d{1,4})$/i.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Numbers of GetDriveType that mean something here (fileapi.h). */
export const DRIVE_TYPE = { noRoot: 1, removable: 2, remote: 4, optical: 5 } as const;

/** FILE_READ_ONLY_VOLUME. */
const READ_ONLY = 0x0008_0000;

/** File systems of optical media and images, which are full by nature. */
const IMAGES = /^(?:CDFS|UDF|ISO9660)$/i;

/** What a volume tells of itself. */
export interface VolumeFacts {
  /** DRIVE_TYPE. */
  readonly type: number;
  /** Name of the file system and of the volume, and its flags; null without a medium, and for one that is locked. */
  readonly information: { readonly fileSystem: string; readonly label: string; readonly flags: number } | null;
}

/** What a local volume is: one to be left out, or its medium. */
export function mediumOf({ type, information }: VolumeFacts): 'none' | 'removable' | 'readOnly' | null {
  const isEmpty = type === DRIVE_TYPE.removable && information === null;
  if (isEmpty || type === DRIVE_TYPE.optical || type === DRIVE_TYPE.noRoot) return 'none';
  if (information !== null && IMAGES.test(information.fileSystem)) return 'none';
  if (information !== null && (information.flags & READ_ONLY) !== 0) return 'readOnly';
  return type === DRIVE_TYPE.removable ? 'removable' : null;
}
