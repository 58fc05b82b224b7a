import { describe, expect, it } from 'vitest';
import { appImageOf } from '../../../../src/main/desktop/autostart/launch-command';
import { describeCopy } from '../../../../src/main/desktop/updates/copy-kind';
import type { CopyFacts } from '../../../../src/main/desktop/updates/copy-kind';

const LINUX: CopyFacts = { platform: 'linux', arch: 'x64', version: '0.1.0', execPath: '/usr/lib/traywatch/traywatch-bin', appImage: null, isSigned: true, exists: () => false };

describe('how a copy is updated', () => {
  it.each<[string, Partial<CopyFacts>, string, string]>([
    ['an AppImage by itself', { execPath: '/tmp/.mount_x/traywatch', appImage: '/home/me/Traywatch.AppImage' }, 'self', 'AppImage'],
    ['what dpkg installed by a deb', { exists: (path) => path === '/var/lib/dpkg/info/traywatch.list' }, 'deb', 'deb'],
    ['what lies in the same place without dpkg by an rpm', {}, 'rpm', 'rpm'],
    ['an unpacked archive by another', { execPath: '/home/me/Traywatch/traywatch-bin', exists: () => true }, 'archive', 'tar.gz'],
    ['a Mac app by itself', { platform: 'darwin', execPath: '/Applications/Traywatch.app/Contents/MacOS/Traywatch' }, 'self', 'zip'],
    ['one that nobody signed by hand', { platform: 'darwin', isSigned: false, execPath: '/Applications/Traywatch.app/Contents/MacOS/Traywatch' }, 'archive', 'dmg'],
    ['one on its disk image by hand', { platform: 'darwin', execPath: '/Volumes/Traywatch/Traywatch.app/Contents/MacOS/Traywatch' }, 'archive', 'dmg'],
    ['one that macOS runs from elsewhere by hand', { platform: 'darwin', execPath: '/private/var/folders/x/AppTranslocation/y/d/Traywatch.app/Contents/MacOS/Traywatch' }, 'archive', 'dmg'],
    ['what the Windows installer installed by itself', { platform: 'win32', execPath: String.raw`C:\Users\me\AppData\Local\Programs\Traywatch\Traywatch.exe`, exists: (path) => path === String.raw`C:\Users\me\AppData\Local\Programs\Traywatch\Uninstall Traywatch.exe` }, 'self', 'nsis'],
    ['what lies in a folder on Windows by another', { platform: 'win32', execPath: String.raw`D:\Traywatch\Traywatch.exe` }, 'archive', 'zip'],
  ])('is known: %s', (_name, change, method, kind) => {
    const facts = { ...LINUX, ...change };
    expect(describeCopy(facts)).toEqual({ method, kind, platform: facts.platform, arch: 'x64', version: '0.1.0' });
  });

  it('is not that of another AppImage that started this one', () => {
    const env = { APPIMAGE: '/home/me/Editor.AppImage', APPDIR: '/tmp/.mount_editor' };
    expect(appImageOf({ execPath: '/usr/lib/traywatch/traywatch', env })).toBeNull();
    expect(appImageOf({ execPath: '/tmp/.mount_editor2/traywatch', env })).toBeNull();
    expect(appImageOf({ execPath: '/tmp/.mount_editor/traywatch', env })).toBe('/home/me/Editor.AppImage');
  });
});
