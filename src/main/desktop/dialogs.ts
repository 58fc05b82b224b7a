/** The file dialogs of the operating system, modal to the window where it is open. */
import { BrowserWindow, dialog } from 'electron';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import type { FileDialogs } from '../lib/file-dialogs';

const FILE_TYPES: Readonly<Record<string, string>> = { csv: 'Comma-separated values', json: 'JSON', png: 'PNG image', sqlite: 'Traywatch history' };

function filterFor(extension: string): { name: string; extensions: string[] } {
  return { name: FILE_TYPES[extension] ?? extension, extensions: [extension] };
}

/** `spareFolder`: where files are written first if nothing may be written beside the chosen one; null for nowhere. `folder` is where the first dialog opens. */
export function createDialogs(spareFolder: string | null, folder: string = homedir()): FileDialogs {
  const parent = (): BrowserWindow[] => BrowserWindow.getAllWindows().slice(0, 1);
  return {
    ...(spareFolder === null ? {} : { spareFolder }),
    async save({ title, name }) {
      const options = { title, defaultPath: join(folder, name), filters: [filterFor(extname(name).slice(1))] };
      const [window] = parent();
      const result = await (window === undefined ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
      return result.canceled || result.filePath === '' ? null : result.filePath;
    },
    async open({ title, extension }) {
      const options: Electron.OpenDialogOptions = { title, defaultPath: folder, properties: ['openFile'], filters: [filterFor(extension), { name: 'All files', extensions: ['*'] }] };
      const [window] = parent();
      const result = await (window === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
      return result.canceled ? null : (result.filePaths[0] ?? null);
    },
  };
}
