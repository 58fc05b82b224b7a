/** How this copy was installed, and with what kind of file it is updated. Pure. */
import { posix, win32 } from 'node:path';
import type { Copy } from '../../updates/index';

/** What it is known by. */
export interface CopyFacts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly version: string;
  /** process.execPath. */
  readonly execPath: string;
  /** Path of the AppImage that runs; null where none does. */
  readonly appImage: string | null;
  /** Whether this copy was signed with a certificate. */
  readonly isSigned: boolean;
  readonly exists: (path: string) => boolean;
}

/** Where the deb and the rpm put the program. */
const PACKAGED = '/usr/lib/traywatch';
/** The list of files that dpkg keeps of an installed package. */
const DPKG_LIST = '/var/lib/dpkg/info/traywatch.list';
/** What the Windows installer leaves beside the program; the zip has none. */
const UNINSTALLER = 'Uninstall Traywatch.exe';

function linuxCopy({ execPath, appImage, exists }: CopyFacts): Pick<Copy, 'method' | 'kind'> {
  if (appImage !== null) return { method: 'self', kind: 'AppImage' };
  if (posix.dirname(execPath) !== PACKAGED) return { method: 'archive', kind: 'tar.gz' };
  return exists(DPKG_LIST) ? { method: 'deb', kind: 'deb' } : { method: 'rpm', kind: 'rpm' };
}

/** An app that nobody signed, that was started from its disk image, or that macOS runs from another place, cannot be replaced. */
function macCopy({ execPath, isSigned }: CopyFacts): Pick<Copy, 'method' | 'kind'> {
  const isInPlace = !execPath.startsWith('/Volumes/') && !execPath.includes('/AppTranslocation/');
  return isSigned && isInPlace ? { method: 'self', kind: 'zip' } : { method: 'archive', kind: 'dmg' };
}

/** Describes this copy. */
export function describeCopy(facts: CopyFacts): Copy {
  const { platform, arch, version, execPath, exists } = facts;
  const common = { platform, arch, version };
  if (platform === 'linux') return { ...common, ...linuxCopy(facts) };
  if (platform === 'darwin') return { ...common, ...macCopy(facts) };
  const isInstalled = exists(win32.join(win32.dirname(execPath), UNINSTALLER));
  return { ...common, ...(isInstalled ? ({ method: 'self', kind: 'nsis' } as const) : ({ method: 'archive', kind: 'zip' } as const)) };
}

