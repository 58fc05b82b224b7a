/** Calls about drives, volumes and disks. Those that touch a device run off the main thread, one at a time. */
import type { Timers } from '../clock';
import type { DeviceQuestion } from './disk-answers';
import { DRIVE_TYPE } from './drives';
import type { VolumeFacts } from './drives';
import { Fields } from './fields';
import type { WindowsLibrary } from './library';
import { outNumber, wide } from './native';
import type { NativeLibrary } from './native';
import { Patience } from './patience';
import { callFault } from './system-calls';

/** INVALID_HANDLE_VALUE. */
const NO_HANDLE = -1;

/** FILE_SHARE_READ | FILE_SHARE_WRITE, OPEN_EXISTING (fileapi.h). */
const SHARE_ALL = 3;
const OPEN_EXISTING = 3;

/** Deadlines, ms: of all questions to one device, and to a volume made by a program. With those of space they stay below the family's 5 s. */
const DEADLINE = 800;
const SLOW_DEADLINE = 500;

/** Characters: of what a name stands for, of the names of all devices (and at most), of a volume's name and of its file system's. */
const LENGTH = { device: 1024, names: 32_768, mostNames: 2 ** 22, volumeName: 261, volume: 64, paths: 1024, mostPaths: 2 ** 16 } as const;

/** More volumes than a machine has. */
const MAX_VOLUMES = 256;

async function askDevice({ CreateFileW, DeviceIoControl, CloseHandle }: NativeLibrary, path: string, questions: readonly DeviceQuestion[]): Promise<(Buffer | null)[] | null> {
  const name = wide(path);
  const device = await CreateFileW.later(name, 0, SHARE_ALL, null, OPEN_EXISTING, 0, 0);
  if (device === NO_HANDLE) return null;
  try {
    const answers: (Buffer | null)[] = [];
    for (const { code, input, bytes } of questions) {
      const [answer, returned] = [Buffer.alloc(bytes), outNumber()];
      const isAnswered = (await DeviceIoControl.later(device, code, input.length === 0 ? null : input, input.length, answer, bytes, returned, null)) !== 0;
      answers.push(isAnswered ? answer.subarray(0, returned.readUInt32LE(0)) : null);
    }
    return answers;
  } finally {
    await CloseHandle.later(device);
  }
}

/** The texts of a call that fills in as many characters as there is room for, and returns their number, 0 for too little room. */
function deviceNames({ QueryDosDeviceW }: NativeLibrary): Buffer {
  for (let length: number = LENGTH.names; length <= LENGTH.mostNames; length *= 4) {
    const buffer = Buffer.alloc(2 * length);
    const filled = QueryDosDeviceW(null, buffer, length);
    if (filled > 0) return buffer.subarray(0, 2 * filled);
  }
  throw callFault('QueryDosDevice', 0);
}

function deviceOf({ QueryDosDeviceW }: NativeLibrary, name: string): Buffer | null {
  const buffer = Buffer.alloc(2 * LENGTH.device);
  const filled = QueryDosDeviceW(wide(name), buffer, LENGTH.device);
  return filled === 0 ? null : buffer.subarray(0, 2 * filled);
}

const textIn = (buffer: Buffer): string => new Fields('WCHAR', buffer).text(0, Math.floor(buffer.length / 2));

async function volumeFacts({ GetDriveTypeW, GetVolumeInformationW }: NativeLibrary, root: string): Promise<VolumeFacts> {
  const path = wide(root);
  const type = await GetDriveTypeW.later(path);
  if (type === DRIVE_TYPE.remote || type === DRIVE_TYPE.noRoot) return { type, information: null };
  const [label, fileSystem, flags] = [Buffer.alloc(2 * LENGTH.volumeName), Buffer.alloc(2 * LENGTH.volumeName), outNumber()];
  const isKnown = (await GetVolumeInformationW.later(path, label, LENGTH.volumeName, null, null, flags, fileSystem, LENGTH.volumeName)) !== 0;
  return { type, information: isKnown ? { fileSystem: textIn(fileSystem), label: textIn(label), flags: flags.readUInt32LE(0) } : null };
}

async function pathsOf({ GetVolumePathNamesForVolumeNameW }: NativeLibrary, volume: Buffer): Promise<Buffer | null> {
  for (let length: number = LENGTH.paths; length <= LENGTH.mostPaths; length *= 8) {
    const [paths, returned] = [Buffer.alloc(2 * length), outNumber()];
    if ((await GetVolumePathNamesForVolumeNameW.later(volume, paths, length, returned)) !== 0) return paths;
    // It says how many characters it needs where these are too few, and nothing where it cannot tell.
    if (returned.readUInt32LE(0) <= length) return null;
  }
  return null;
}

async function volumePaths(native: NativeLibrary): Promise<Buffer[]> {
  const volume = Buffer.alloc(2 * LENGTH.volume);
  const search = await native.FindFirstVolumeW.later(volume, LENGTH.volume);
  if (search === NO_HANDLE) throw callFault('FindFirstVolume', 0);
  const all: Buffer[] = [];
  try {
    do {
      const paths = await pathsOf(native, volume);
      if (paths !== null) all.push(paths);
    } while (all.length < MAX_VOLUMES && (await native.FindNextVolumeW.later(search, volume, LENGTH.volume)) !== 0);
  } finally {
    await native.FindVolumeClose.later(search);
  }
  return all;
}

type DeviceCalls = Pick<WindowsLibrary, 'letters' | 'device' | 'deviceNames' | 'askDevice' | 'volume' | 'volumePaths'>;

/** These calls over bound functions. */
export function deviceCalls(native: NativeLibrary, timers: Timers): DeviceCalls {
  const patience = new Patience(timers, DEADLINE);
  const slow = new Patience(timers, SLOW_DEADLINE);
  return {
    letters: () => native.GetLogicalDrives(),
    device: (name) => deviceOf(native, name),
    deviceNames: () => deviceNames(native),
    askDevice: (path, questions) => patience.run(path, () => askDevice(native, path, questions)),
    volume: (root, kind) => (kind === 'slow' ? slow : patience).run(root, () => volumeFacts(native, root)),
    volumePaths: () => patience.run('the list of volumes', () => volumePaths(native)),
  };
}
