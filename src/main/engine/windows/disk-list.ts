/** The disks of the machine: what each is, and which volumes lie on it. */
import { parseDiskDescriptor, parseExtents, QUESTION } from './disk-answers';
import type { DiskDescriptor } from './disk-answers';
import { deviceOf, diskNumbers, driveKind, lettersOf } from './drives';
import type { WindowsLibrary } from './library';

/** Path of a disk for the system. */
export const pathOfDisk = (number: number): string => `\\\\.\\PhysicalDrive${number}`;

/** A disk. */
export interface ListedDisk extends DiskDescriptor {
  readonly number: number;
  /** Drives on it, such as `C:`. */
  readonly letters: readonly string[];
}

const UNKNOWN: DiskDescriptor = { model: null, isRemovable: false, isImage: false };

/** What a disk is; unknown where it does not say. Rejects with a Timeout. */
export async function describeDisk(library: Pick<WindowsLibrary, 'askDevice'>, number: number): Promise<DiskDescriptor> {
  const answer = (await library.askDevice(pathOfDisk(number), [QUESTION.descriptor]))?.[0] ?? null;
  return answer === null ? UNKNOWN : parseDiskDescriptor(answer);
}

/** Numbers of the disks that a local drive lies on; empty where it does not say. Rejects with a Timeout. */
export async function disksOfDrive(library: Pick<WindowsLibrary, 'askDevice'>, letter: string): Promise<number[]> {
  const answer = (await library.askDevice(`\\\\.\\${letter}`, [QUESTION.extents]))?.[0] ?? null;
  return answer === null ? [] : parseExtents(answer);
}

/** All disks, by number. Rejects with a Timeout. */
export async function listDisks(library: Pick<WindowsLibrary, 'askDevice' | 'device' | 'deviceNames' | 'letters'>): Promise<ListedDisk[]> {
  const drives: { letter: string; disks: number[] }[] = [];
  for (const letter of lettersOf(library.letters())) {
    if (driveKind(deviceOf(library.device(letter))) === 'disk') drives.push({ letter, disks: await disksOfDrive(library, letter) });
  }
  const disks: ListedDisk[] = [];
  for (const number of diskNumbers(library.deviceNames())) {
    const letters = drives.filter((drive) => drive.disks.includes(number)).map(({ letter }) => letter);
    disks.push({ ...(await describeDisk(library, number)), number, letters });
  }
  return disks;
}
